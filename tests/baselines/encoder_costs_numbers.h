#pragma once

#include <cstdint>

// Written by tests/baselines/encoder_costs.py.

namespace tomoloupe::baseline {

struct CountedCost {
    const char* encoder;
    std::int64_t box, embedSize, parameters, multiplyAdds;
};

inline constexpr CountedCost kEncoderCosts[] = {
    {"rb3d", 16, 1024, 5760576, 66453504},
    {"rb3d", 28, 1024, 24045120, 351578112},  // 24,052,295 and 0.352 GMAC with 7 classes
    {"rb3d", 32, 1024, 35120704, 524288000},  // 35,130,954 and 0.524 GMAC with 10 classes
    {"rb3d", 40, 1024, 67102272, 1023000576},
    {"rb3d", 96, 1024, 907535936, 14128513024},
    {"rb3d-a", 16, 1024, 17943744, 80084992},
    {"rb3d-a", 28, 1024, 91081920, 424634368},  // 91,089,095 and 0.425 GMAC with 7 classes
    {"rb3d-a", 32, 1024, 135384256, 633339904},  // 135,394,506 and 0.633 GMAC with 10 classes
    {"rb3d-a", 40, 1024, 263310528, 1235992576},
    {"rb3d-a", 96, 1024, 3625045184, 17072914432},
    {"rb3d-b", 16, 512, 515648, 61210624},
    {"rb3d-b", 28, 512, 515648, 328050688},  // 519,239 and 0.328 GMAC with 7 classes
    {"rb3d-b", 32, 512, 515648, 489684992},  // 520,778 and 0.490 GMAC with 10 classes
    {"rb3d-b", 40, 512, 515648, 956416000},
    {"rb3d-b", 96, 512, 515648, 13221494784},
    {"rb3d-c", 16, 256, 115904, 62259200},
    {"rb3d-c", 28, 256, 115904, 333670400},  // 117,703 and 0.334 GMAC with 7 classes
    {"rb3d-c", 32, 256, 115904, 498073600},  // 118,474 and 0.498 GMAC with 10 classes
    {"rb3d-c", 40, 256, 115904, 972800000},
    {"rb3d-c", 96, 256, 115904, 13447987200},
    {"cb3d", 16, 4096, 46535040, 790364160},
    {"cb3d", 28, 4096, 46535040, 3802779648},  // 46,563,719 and 3.803 GMAC with 7 classes
    {"cb3d", 32, 4096, 61215104, 6205472768},  // 61,256,074 and 6.206 GMAC with 10 classes
    {"cb3d", 40, 4096, 61215104, 11928829952},
    {"cb3d", 96, 4096, 245764480, 166859898880},
    {"dsrf3d-v2", 16, 1024, 2957600, 246284288},
    {"dsrf3d-v2", 28, 1024, 5447968, 1313277952},  // 5,455,143 and 1.313 GMAC with 7 classes
    {"dsrf3d-v2", 32, 1024, 10297632, 1962934272},  // 10,307,882 and 1.963 GMAC with 10 classes
    {"dsrf3d-v2", 40, 1024, 18293024, 3832856576},
    {"dsrf3d-v2", 96, 1024, 228401440, 52971962368},
    {"resnet3d", 16, 512, 2016448, 41418752},
    {"resnet3d", 28, 512, 2016448, 256243712},  // 2,020,039 and 0.256 GMAC with 7 classes
    {"resnet3d", 32, 512, 2016448, 331350016},  // 2,021,578 and 0.331 GMAC with 10 classes
    {"resnet3d", 40, 512, 2016448, 647168000},
    {"resnet3d", 96, 512, 2016448, 8946450432},
    {"bandpower3d", 16, 32, 23360, 11943936},
    {"bandpower3d", 28, 32, 23360, 64012032},  // 23,591 and 0.064 GMAC with 7 classes
    {"bandpower3d", 32, 32, 23360, 95551488},  // 23,690 and 0.096 GMAC with 10 classes
    {"bandpower3d", 40, 32, 23360, 186624000},
    {"bandpower3d", 96, 32, 23360, 2579890176},
    {"moments3d", 16, 256, 64768, 499968},
    {"moments3d", 28, 256, 64768, 2747808},  // 66,567 and 0.003 GMAC with 7 classes
    {"moments3d", 32, 256, 64768, 3548160},  // 67,338 and 0.004 GMAC with 10 classes
    {"moments3d", 40, 256, 64768, 6868512},
    {"moments3d", 96, 256, 64768, 94123008},
};

}  // namespace tomoloupe::baseline
