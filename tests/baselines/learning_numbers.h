#pragma once

// Written by tests/baselines/learning.py.

namespace tomoloupe::baseline {

inline constexpr double kInfoNceLogits[] = {3.96653492, 4.69200344, 4.01263952, 2.11590555, -0.188185985, -2.33302696, 4.02993222, 3.81759896, 4.6752833, 4.07382232, 2.43677777, 0.309912838, 4.15447988, 1.82324198, 3.88268853, 4.69707885, 4.19323566, 2.73094157};
inline constexpr double kInfoNceLoss[] = {1.54791445};
inline constexpr double kAdamWeights[] = {0.265776379, 0.896245074, -0.55545435, -0.786440729, 0.708099175, 0.558730595};
inline constexpr double kAdamFollower[] = {1.26522627, 1.8792177, 0.439916938, 0.197143205, 1.69878012, 1.5546644};
inline constexpr double kSgdWeights[] = {0.245064183, 0.900979953, -0.558463107, -0.780999601, 0.707591941, 0.552541645};

}  // namespace tomoloupe::baseline
