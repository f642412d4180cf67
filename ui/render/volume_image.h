#pragma once

#include <vtkImageData.h>
#include <vtkSmartPointer.h>

#include "core/volume/volume.h"

namespace tomoloupe {

/// The volume's voxels as VTK sees them, not copied: the image keeps the floats alive and must not be written to.
/// World units are voxels; the centre of voxel 0 is the origin.
[[nodiscard]] vtkSmartPointer<vtkImageData> imageOf(const Volume& volume);

}  // namespace tomoloupe
