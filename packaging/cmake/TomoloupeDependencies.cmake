# Every third-party library, found once. Targets only; a module links what it needs.
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json 3.9 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(TIFF REQUIRED)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(Threads REQUIRED)
find_path(GEMMI_INCLUDE_DIR gemmi/cif.hpp REQUIRED)
add_library(gemmi_headers INTERFACE)
target_include_directories(gemmi_headers SYSTEM INTERFACE "${GEMMI_INCLUDE_DIR}")
# All in the headers up to gemmi 0.5; from 0.6 on a library holds what reads mmCIF.
find_library(GEMMI_LIBRARY gemmi_cpp)
mark_as_advanced(GEMMI_LIBRARY)
if(GEMMI_LIBRARY)
  find_package(ZLIB REQUIRED)
  target_link_libraries(gemmi_headers INTERFACE "${GEMMI_LIBRARY}" ZLIB::ZLIB)
endif()

# Headers alone. Kept "system", so that its warnings are its own.
find_path(HNSWLIB_INCLUDE_DIR hnswlib/hnswlib.h REQUIRED)
mark_as_advanced(HNSWLIB_INCLUDE_DIR)
add_library(hnswlib_headers INTERFACE)
target_include_directories(hnswlib_headers SYSTEM INTERFACE "${HNSWLIB_INCLUDE_DIR}")

# LibTorch: seen by the learning modules alone. An interface of our own keeps its include folders "system".
find_package(Torch REQUIRED)
# LibTorch's parallel loops are templates that run on one thread in sources compiled without it.
find_package(OpenMP REQUIRED COMPONENTS CXX)
add_library(torch_headers INTERFACE)
target_include_directories(torch_headers SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(torch_headers INTERFACE ${TORCH_LIBRARIES})

# Scale-out: LibTorch's c10d over Gloo, whose headers Debian keeps in a package of their own, and over NCCL in builds for CUDA.
find_path(GLOO_INCLUDE_DIR gloo/context.h HINTS ${TORCH_INCLUDE_DIRS})
find_path(NCCL_INCLUDE_DIR nccl.h HINTS ${TORCH_INCLUDE_DIRS} ${CUDA_TOOLKIT_ROOT_DIR}/include $ENV{NCCL_ROOT}/include)
mark_as_advanced(GLOO_INCLUDE_DIR NCCL_INCLUDE_DIR)
get_target_property(torch_definitions torch_cpu INTERFACE_COMPILE_DEFINITIONS)
set(TOMOLOUPE_GLOO OFF)
set(TOMOLOUPE_NCCL OFF)
if(GLOO_INCLUDE_DIR AND torch_definitions MATCHES "USE_C10D_GLOO")
  set(TOMOLOUPE_GLOO ON)
  if(TARGET torch_cuda AND NCCL_INCLUDE_DIR)
    get_target_property(torch_cuda_definitions torch_cuda INTERFACE_COMPILE_DEFINITIONS)
    if(torch_cuda_definitions MATCHES "USE_C10D_NCCL")
      set(TOMOLOUPE_NCCL ON)
    endif()
  endif()
endif()
message(STATUS "Processes can share a run: Gloo ${TOMOLOUPE_GLOO}, NCCL ${TOMOLOUPE_NCCL}")

if(TOMOLOUPE_GUI)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg)
  find_package(VTK 9.1 REQUIRED COMPONENTS
    CommonCore CommonDataModel CommonExecutionModel CommonMath CommonTransforms CommonSystem FiltersCore FiltersSources
    FiltersGeneral FiltersModeling ImagingCore ImagingColor InteractionStyle InteractionWidgets RenderingAnnotation
    RenderingCore RenderingFreeType RenderingImage RenderingOpenGL2 RenderingVolume RenderingVolumeOpenGL2 IOImage)
endif()

if(TOMOLOUPE_TESTS)
  find_package(Catch2 REQUIRED)
  if(TOMOLOUPE_GUI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
  endif()
endif()
