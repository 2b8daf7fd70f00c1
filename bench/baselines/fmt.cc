// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// libfmt with compiled format strings; it has no type for addresses.
#include "../candidate.h"

#define FMT_HEADER_ONLY
#include <fmt/compile.h>

namespace {

char *write_ipv4(const uint8_t *a, char *out) {
    return fmt::format_to(out, FMT_COMPILE("{}.{}.{}.{}"), a[0], a[1], a[2], a[3]);
}

struct FormatIpv4 {
    void operator()(const uint8_t *address, char *out) const {
        *write_ipv4(address, out) = '\0';
    }
};

// The first of the longest runs of two or more zero groups (RFC 5952).
struct Gap {
    int begin = 8, end = 8;
    explicit Gap(const unsigned (&groups)[8]) {
        int longest = 1;
        for (int i = 0, run = 0; i < 8; i++) {
            run = groups[i] ? 0 : run + 1;
            if (run > longest) {
                longest = run;
                begin = i + 1 - run;
                end = i + 1;
            }
        }
    }
};

struct FormatIpv6 {
    void operator()(const uint8_t *address, char *out) const {
        unsigned groups[8];
        for (int i = 0; i < 8; i++)
            groups[i] = static_cast<unsigned>(address[2 * i] << 8 | address[2 * i + 1]);
        const Gap gap(groups);
        const bool dotted =
            gap.begin == 0 && (gap.end == 6 || (gap.end == 5 && groups[5] == 0xFFFF));
        for (int i = 0; i < (dotted ? 6 : 8); i++) {
            if (i == gap.begin) {
                *out++ = ':';
                i = gap.end - 1;
                if (gap.end == 8)
                    *out++ = ':';
                continue;
            }
            if (i > 0)
                *out++ = ':';
            out = fmt::format_to(out, FMT_COMPILE("{:x}"), groups[i]);
        }
        if (dotted) {
            *out++ = ':';
            out = write_ipv4(address + 12, out);
        }
        *out = '\0';
    }
};

const std::string version = std::to_string(FMT_VERSION / 10000) + "." +
                            std::to_string(FMT_VERSION / 100 % 100) + "." +
                            std::to_string(FMT_VERSION % 100);
const AddBaseline all[] = {
    {"format_ipv4", "libfmt", version, FormatIpv4{}},
    {"format_ipv6", "libfmt", version, FormatIpv6{}},
};

} // namespace
