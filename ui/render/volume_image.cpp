#include "ui/render/volume_image.h"

#include <vtkCommand.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>

namespace tomoloupe {
namespace {

/// An observer that does nothing but own the floats; it goes with the array it watches.
class KeepVoxels : public vtkCommand {
  public:
    static KeepVoxels* New() { return new KeepVoxels; }
    void Execute(vtkObject*, unsigned long, void*) override {}
    std::shared_ptr<const std::vector<float>> voxels;
};

}  // namespace

vtkSmartPointer<vtkImageData> imageOf(const Volume& volume) {
    auto image = vtkSmartPointer<vtkImageData>::New();
    if (volume.empty()) return image;
    const Index3 shape = volume.shape();
    image->SetDimensions(static_cast<int>(shape.x), static_cast<int>(shape.y), static_cast<int>(shape.z));
    vtkNew<KeepVoxels> keep;
    keep->voxels = volume.shared();
    vtkNew<vtkFloatArray> array;
    array->SetName("density");
    // VTK has no read-only arrays; 1 = VTK never frees it.
    array->SetArray(const_cast<float*>(keep->voxels->data()), static_cast<vtkIdType>(keep->voxels->size()), 1);
    array->AddObserver(vtkCommand::DeleteEvent, keep);
    image->GetPointData()->SetScalars(array);
    return image;
}

}  // namespace tomoloupe
