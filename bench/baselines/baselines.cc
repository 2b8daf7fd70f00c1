// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../candidate.h"
#include "../text_engine.h"

std::vector<Baseline> &baselines() {
    static std::vector<Baseline> all;
    return all;
}

std::vector<TextEngine> &text_engines() {
    static std::vector<TextEngine> all;
    return all;
}
