"""Numbers for tests/core/data/relion_particles_test.cpp: RELION's own formulas, written out element by element
(euler.cpp Euler_angles2matrix; particle_set.cpp getPosition and getMatrix3x3)."""
from math import cos, radians, sin


def relion(rot, tilt, psi):
    ca, cb, cg = (cos(radians(angle)) for angle in (rot, tilt, psi))
    sa, sb, sg = (sin(radians(angle)) for angle in (rot, tilt, psi))
    return [[cg * cb * ca - sg * sa, cg * cb * sa + sg * ca, -cg * sb],
            [-sg * cb * ca - cg * sa, -sg * cb * sa + cg * ca, sg * sb],
            [sb * ca, sb * sa, cb]]


def product(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def placed(angstrom):
    shift = [sum(sub[i][k] * origin[k] for k in range(3)) for i in range(3)]
    return [round((angstrom[i] - shift[i]) / voxel, 9) for i in range(3)]


part, sub = relion(31, 57, -112), relion(12, 77, -45)
print("A_part", [round(v, 9) for row in part for v in row])
print("A_sub * A_part", [round(v, 9) for row in product(sub, part) for v in row])

apix, voxel = 1.35, 5.4
origin = [3.5, -2.25, 1.75]
corner, centred = [1000.5, 740.25, 512], [100.5, -40.25, 12]
print("corner", placed([apix * c for c in corner]))
print("centred, from the shape", placed([c + n / 2 * voxel for c, n in zip(centred, [959, 927, 375])]))
print("centred, from bin 1", placed([c + n / 2 * apix for c, n in zip(centred, [3838, 3710, 1501])]))
