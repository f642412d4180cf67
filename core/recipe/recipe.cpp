#include "core/recipe/recipe.h"

namespace tomoloupe {

OptionFields ImagingOptions::describe() {
    return {
        {.name = "tilt-maximum", .reference = &tiltMaximumDegrees, .help = "Largest tilt angle; beyond it lies the missing wedge",
         .unit = "degrees", .minimum = 1, .maximum = 90},
        {.name = "defocus", .reference = &defocusMicrometre, .help = "Defocus; negative is underfocus", .unit = "µm", .minimum = -20,
         .maximum = 20},
        {.name = "ctf", .reference = &ctf, .help = "Apply the contrast transfer function"},
        {.name = "voltage", .reference = &voltageKilovolt, .help = "Of the microscope", .unit = "kV", .minimum = 20, .maximum = 1000,
         .advanced = true},
        {.name = "spherical-aberration", .reference = &sphericalAberrationMillimetre, .help = "Of the objective lens", .unit = "mm",
         .minimum = 0, .maximum = 10, .advanced = true},
        {.name = "ctf-envelope", .reference = &ctfEnvelope, .help = "Width of the CTF's Gaussian envelope as a fraction of Nyquist",
         .minimum = 0.01, .maximum = 100, .advanced = true},
        {.name = "band-pass", .reference = &bandPass, .help = "Highest frequency kept, as a fraction of Nyquist; 0 keeps all",
         .minimum = 0, .maximum = 2, .advanced = true},
        {.name = "mtf-width", .reference = &mtfWidth,
         .help = "Width of the filter of the detector's noise as a fraction of Nyquist", .minimum = 0.01, .maximum = 100,
         .advanced = true},
    };
}

namespace {

OptionField structuresField(std::vector<std::string>& structures) {
    return {.name = "structures", .reference = &structures,
            .help = "Built-in structures by name, or PDB, mmCIF and MRC files or folders of them; each is a class"};
}

OptionField voxelSizeField(double& voxelSize) {
    return {.name = "voxel-size", .reference = &voxelSize, .help = "Side of a voxel", .unit = "Å", .minimum = 0.5, .maximum = 100};
}

OptionField resolutionField(double& resolution) {
    return {.name = "resolution", .reference = &resolution, .help = "Of the density made from atoms", .unit = "Å", .minimum = 1,
            .maximum = 200};
}

}  // namespace

OptionFields SimulateOptions::describe() {
    OptionFields fields{
        structuresField(structures),
        {.name = "per-class", .reference = &perClass, .help = "Particles of each class", .minimum = 1, .maximum = 1000000},
        {.name = "box-size", .reference = &boxSize, .help = "Side of a subtomogram", .unit = "voxels", .minimum = 16, .maximum = 128},
        voxelSizeField(voxelSizeAngstrom),
        resolutionField(resolutionAngstrom),
        {.name = "neighbours", .reference = &neighbours, .help = "Other particles packed about each target", .minimum = 0,
         .maximum = 50},
        {.name = "packing-margin", .reference = &marginAngstrom,
         .help = "Added to the radius of every particle when they are packed; 0 packs them until they touch", .unit = "Å", .minimum = 0,
         .maximum = 1000, .advanced = true},
        {.name = "offset", .reference = &offset,
         .help = "Largest distance of the target from the centre along each axis, as a fraction of the side", .minimum = 0,
         .maximum = 0.25},
        {.name = "snr", .reference = &snr, .help = "Variance of the signal over that of the noise; 1e9 leaves the noise out",
         .minimum = 1e-6, .maximum = kNoNoise},
        {.name = "snr-scope", .reference = &snrScope,
         .help = "Where the ratio holds: over the whole, mostly empty scene, or over the crop, which is much harder",
         .choices = {"scene", "crop"}},
        {.name = "scene-side", .reference = &sceneSide, .help = "Side of the scene that the ratio is spread over", .unit = "voxels",
         .minimum = 32, .maximum = 4000, .advanced = true},
        {.name = "label-set", .reference = &labelSet, .help = "Label set that the true classes go to; empty: the current one",
         .advanced = true},
    };
    append(fields, imaging.describe());
    return fields;
}

OptionFields SimulateTomogramOptions::describe() {
    OptionFields fields{
        structuresField(structures),
        {.name = "size-x", .reference = &sizeX, .help = "Width", .unit = "voxels", .minimum = 32, .maximum = 16384, .advanced = true},
        {.name = "size-y", .reference = &sizeY, .help = "Length along the tilt axis", .unit = "voxels", .minimum = 32,
         .maximum = 16384, .advanced = true},
        {.name = "size-z", .reference = &sizeZ, .help = "Height along the beam", .unit = "voxels", .minimum = 32, .maximum = 2048,
         .advanced = true},
        voxelSizeField(voxelSizeAngstrom),
        resolutionField(resolutionAngstrom),
        {.name = "per-class", .reference = &perClass, .help = "Particles of each class", .minimum = 0, .maximum = 1000000},
        {.name = "ice-fraction", .reference = &iceFraction, .help = "Part of the height that is ice", .minimum = 0.1, .maximum = 1},
        {.name = "membranes", .reference = &membranes, .help = "Vesicles", .minimum = 0, .maximum = 1000},
        {.name = "gold-beads", .reference = &goldBeads, .help = "Gold beads", .minimum = 0, .maximum = 10000},
        {.name = "gold-diameter", .reference = &goldDiameterAngstrom, .help = "Of a gold bead", .unit = "Å", .minimum = 10,
         .maximum = 1000, .advanced = true},
        {.name = "contrast", .reference = &contrast, .help = "Particles darker or lighter than the ice", .choices = {"dark", "light"}},
        {.name = "snr", .reference = &snr, .help = "Variance of the signal over that of the noise within the ice", .minimum = 1e-6,
         .maximum = SimulateOptions::kNoNoise},
    };
    append(fields, imaging.describe());
    return fields;
}

OptionFields PickOptions::describe() {
    return {
        {.name = "method", .reference = &method, .help = "Difference of Gaussians, or correlation with templates",
         .choices = {"dog", "template"}},
        {.name = "tomogram", .reference = &tomogram, .help = "Name of the tomogram in the project"},
        {.name = "diameter", .reference = &diameterAngstrom, .help = "Of the particle", .unit = "Å", .minimum = 0, .maximum = 5000},
        {.name = "contrast", .reference = &contrast, .help = "Particles darker or lighter than what surrounds them",
         .choices = {"dark", "light"}},
        {.name = "threshold", .reference = &threshold,
         .help = "Twentieths of the way from the worst peak to the best that a pick must reach (difference of Gaussians)",
         .minimum = 0, .maximum = 20},
        {.name = "minimum-distance", .reference = &minimumDistanceAngstrom, .help = "Between picks; 0 lets the method choose",
         .unit = "Å", .minimum = 0, .maximum = 10000},
        {.name = "maximum-count", .reference = &maximumCount, .help = "Keep the best so many; 0 keeps all", .minimum = 0},
        {.name = "templates", .reference = &templates, .help = "Built-in structures by name, or PDB, mmCIF and MRC files"},
        {.name = "step", .reference = &stepDegrees, .help = "Between the template's orientations", .unit = "degrees", .minimum = 2,
         .maximum = 90},
        {.name = "symmetry", .reference = &symmetry, .help = "Of the template, such as C1, D7 or O; empty takes the structure's own",
         .advanced = true},
        {.name = "tilt-maximum", .reference = &tiltMaximumDegrees, .help = "Largest tilt angle of the tomogram; 90 means no wedge",
         .unit = "degrees", .minimum = 1, .maximum = 90, .advanced = true},
        {.name = "defocus", .reference = &defocusMicrometre,
         .help = "Of the tomogram, negative for underfocus: the template gets its contrast transfer function (300 kV); 0 gives it none",
         .unit = "µm", .minimum = -20, .maximum = 20, .advanced = true},
        {.name = "search-voxel", .reference = &searchVoxelAngstrom,
         .help = "The tomogram is binned to about this for the template search; 0 lets the template's size choose", .unit = "Å",
         .minimum = 0, .maximum = 200, .advanced = true},
        {.name = "minimum-score", .reference = &minimumScore,
         .help = "Lowest correlation of a pick; 0 takes what noise alone would pass about once", .minimum = 0, .maximum = 1,
         .advanced = true},
        {.name = "sigma", .reference = &sigmaVoxels, .help = "Of the first Gaussian; 0 takes it from the diameter",
         .unit = "voxels", .minimum = 0, .maximum = 200, .advanced = true},
        {.name = "sigma-ratio", .reference = &sigmaRatio, .help = "Of the second Gaussian to the first", .minimum = 1.01,
         .maximum = 4, .advanced = true},
        {.name = "clip", .reference = &clipDeviations,
         .help = "Voxels further from the mean, such as gold beads, count as this far (difference of Gaussians); 0 takes them as they are",
         .unit = "standard deviations", .minimum = 0, .maximum = 1000, .advanced = true},
        {.name = "block-size", .reference = &blockSize, .help = "Side of the blocks worked on at a time; does not change the picks",
         .unit = "voxels", .minimum = 32, .maximum = 1024, .advanced = true},
        {.name = "device", .reference = &device, .help = "Where to compute: auto, cpu, cuda or cuda:N", .advanced = true},
    };
}

OptionFields ExtractOptions::describe() {
    return {
        {.name = "box", .reference = &boxSize, .help = "Side of a subtomogram, after binning", .unit = "voxels", .minimum = 8,
         .maximum = 512},
        {.name = "binning", .reference = &binning, .help = "Voxels averaged along each axis", .minimum = 1, .maximum = 16},
        {.name = "invert", .reference = &invert, .help = "Turn dark particles light"},
        {.name = "normalise", .reference = &normalise, .help = "Mean 0 and standard deviation 1 for each volume, or values as they are",
         .choices = {"volume", "none"}},
        {.name = "border", .reference = &border,
         .help = "Boxes that leave the tomogram: filled up with the mean of what is inside, or left out", .choices = {"pad", "skip"}},
        {.name = "out-set", .reference = &outSet,
         .help = "Name of the new set of those inside, if any were left out; empty takes the set's name with -inside", .advanced = true},
    };
}

}  // namespace tomoloupe
