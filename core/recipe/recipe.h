#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/options.h"

namespace tomoloupe {

// What a run can be told, one struct a kind of run, free of LibTorch so that command line and window see it. docs/method.md says
// where a figure comes from. What learning is told stands in learning.h.

/// How an electron microscope and a tomographic reconstruction change density (method.md 4.2; the defaults are the published ones).
struct ImagingOptions {
    double voltageKilovolt = 300;
    double sphericalAberrationMillimetre = 2;
    double defocusMicrometre = -5;  ///< negative: underfocus
    double ctfEnvelope = 0.4;       ///< width of the Gaussian envelope of the CTF as a fraction of Nyquist
    bool ctf = true;
    double bandPass = 0.5;          ///< highest frequency kept, as a fraction of Nyquist; 0: all
    double mtfWidth = 0.4;          ///< standard deviation of the detector's filter of the second noise, as a fraction of Nyquist
    double tiltMaximumDegrees = 60;  ///< tilt range +- this about y; the rest is the missing wedge
    [[nodiscard]] OptionFields describe();
};

/// Labelled subtomograms of crowded scenes (Liu et al. 2020), one class a structure.
struct SimulateOptions {
    /// Names of built-in structures, files (PDB, mmCIF, MRC) or folders of such files; each is a class.
    std::vector<std::string> structures = {"proteasome-20s", "groel", "apoferritin", "rubisco", "ribosome-70s"};
    int perClass = 60;
    int boxSize = 32;
    double voxelSizeAngstrom = 10;
    double resolutionAngstrom = 10;  ///< two standard deviations of the Gaussian that a unit of mass becomes
    int neighbours = 4;              ///< other particles packed about each target
    double marginAngstrom = 0;       ///< that every bounding sphere is larger than its particle when they are packed
    double offset = 0.25;            ///< of the target from the box's centre along each axis, uniform in +- this fraction of the side
    double snr = 0.05;               ///< variance of signal over noise; kNoNoise: none
    std::string snrScope = "scene";  ///< over the whole mostly empty scene as published (method.md 4.2), or over the "crop" itself
    int sceneSide = 300;             ///< voxels of the scene that snrScope "scene" speaks of
    std::string labelSet;            ///< that the true classes go to; empty: the current one
    ImagingOptions imaging;
    static constexpr double kNoNoise = 1e9;
    [[nodiscard]] OptionFields describe();
};

/// A whole tomogram: particles of several classes in a slab of ice with membranes and gold beads.
struct SimulateTomogramOptions {
    std::vector<std::string> structures = {"ribosome-70s", "proteasome-20s", "groel", "apoferritin", "rubisco", "haemoglobin"};
    int sizeX = 512, sizeY = 512, sizeZ = 200;  ///< voxels
    double voxelSizeAngstrom = 10;
    double resolutionAngstrom = 10;
    int perClass = 100;         ///< particles of each structure; fewer where the slab is full, which is said
    double iceFraction = 0.8;   ///< part of the height that the slab of ice fills
    int membranes = 2;          ///< vesicles
    int goldBeads = 8;
    double goldDiameterAngstrom = 100;
    std::string contrast = "dark";  ///< particles darker than ice, as in a reconstruction, or "light"
    double snr = 0.5;           ///< variance of signal over noise within the ice
    ImagingOptions imaging;
    [[nodiscard]] OptionFields describe();
};

struct PickOptions {
    std::string method = "dog";  ///< "dog" or "template"
    std::string tomogram;        ///< name in the project
    double diameterAngstrom = 0;  ///< of the particle; needed for dog, and told by the template otherwise
    std::string contrast = "dark";  ///< particles are "dark" or "light" in the tomogram
    double minimumDistanceAngstrom = 0;  ///< between picks; 0: told by the method
    std::int64_t maximumCount = 0;  ///< keep the best so many; 0: all
    int blockSize = 256;            ///< voxels a side that are in memory at a time; does not change the picks
    // Difference of Gaussians (method.md 5)
    double sigmaVoxels = 0;       ///< of the first Gaussian; 0: from the diameter
    double sigmaRatio = 1.1;
    double threshold = 8;         ///< t of T = m + t (M - m) / 20 with the best and worst peak M and m (docs/method.md, picking)
    double clipDeviations = 5;    ///< voxels further from the mean, such as gold, count as this many standard deviations; 0: as they are
    // Template correlation
    std::vector<std::string> templates;  ///< built-in structures or files
    double stepDegrees = 30;
    std::string symmetry;         ///< "C1", "D7" ...; empty: of the built-in structure, else C1
    double tiltMaximumDegrees = 60;
    double defocusMicrometre = 0;  ///< of the tomogram, for the template's CTF (300 kV, Cs 2 mm); negative: underfocus; 0: no CTF
    double searchVoxelAngstrom = 0;  ///< the tomogram is binned to about this for the search; 0: chosen by the template's size
    double minimumScore = 0;      ///< lowest correlation of a pick; 0: what noise alone would pass about once a tomogram
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

struct ExtractOptions {
    int boxSize = 32;             ///< voxels after binning
    int binning = 1;
    bool invert = true;           ///< dark particles become light
    std::string normalise = "volume";  ///< "volume": mean 0, standard deviation 1 each; "none"
    std::string border = "pad";   ///< particles whose box leaves the tomogram: "pad" with the mean of what is inside, or "skip"
    std::string outSet;           ///< of the particles that are left when some were skipped; empty: SET-inside
    [[nodiscard]] OptionFields describe();
};

}  // namespace tomoloupe
