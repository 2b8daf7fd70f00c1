/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan_names.h"

#define HEURISTIC_ROW(name, switched_off, effect) {name, switched_off, effect},
const heuristic heuristics[] = {HEURISTICS(HEURISTIC_ROW)};
const size_t n_heuristics = sizeof heuristics / sizeof *heuristics;

/* A flag that several rules set comes before those of the rules. */
const match_flag match_flags[] = {
    {"version", SIMDINET_MATCH_VERSION, "It looks like a version number."},
    {"version-slash", SIMDINET_MATCH_VERSION_SLASH,
     "By this heuristic; see HEURISTICS in `simdinet`(1)."},
    {"version-key", SIMDINET_MATCH_VERSION_KEY,
     "By this heuristic; see HEURISTICS in `simdinet`(1)."},
    {"version-user-agent", SIMDINET_MATCH_VERSION_USER_AGENT,
     "By this heuristic; see HEURISTICS in `simdinet`(1)."},
    {"version-header", SIMDINET_MATCH_VERSION_HEADER,
     "By this heuristic; see HEURISTICS in `simdinet`(1)."},
    {"version-package", SIMDINET_MATCH_VERSION_PACKAGE,
     "By this heuristic; see HEURISTICS in `simdinet`(1)."},
    {"port", SIMDINET_MATCH_PORT, "A port follows: see `port` above."},
    {"service", SIMDINET_MATCH_SERVICE,
     "The name of a service follows: `192.0.2.1.ssh > 192.0.2.2.58000`."},
    {"mapped", SIMDINET_MATCH_MAPPED, "An IPv4-mapped IPv6 address, `::ffff:0:0/96`."},
    {"short", SIMDINET_MATCH_SHORT,
     "IPv6 without a group of three digits, which may be something else: `12::30`."},
    {"ambiguous-port", SIMDINET_MATCH_AMBIGUOUS_PORT,
     "The last group may be a port: `2001:db8::1:443`."},
    {"bare-unspecified", SIMDINET_MATCH_BARE_UNSPECIFIED, "It is `::`."},
    {"key", SIMDINET_MATCH_KEY, "A key precedes it: `src:2001:db8::1`."},
    {"bgp", SIMDINET_MATCH_BGP,
     "A letter of a table of BGP routes precedes it: `*>i192.0.2.0/24`."},
    {"doubtful", SIMDINET_MATCH_DOUBTFUL,
     "It is reported because of `--doubtful`; `rule` is the rule that rejects it."},
    {"rejected", SIMDINET_MATCH_REJECTED, "It is not an address; only with `--rejected`."},
    {"defanged", SIMDINET_MATCH_DEFANGED,
     "It is written with defanged separators: `192[.]0[.]2[.]1`."},
};
const size_t n_match_flags = sizeof match_flags / sizeof *match_flags;

const char *match_rule_name(const simdinet_match *match) {
    if (match->rule == SIMDINET_RULE_NONE)
        for (size_t i = 0; i < n_match_flags; i++)
            if (match->flags & match_flags[i].flags &&
                match_flags[i].flags != SIMDINET_MATCH_VERSION)
                return match_flags[i].name;
    return simdinet_scan_rule_name((simdinet_scan_rule)match->rule);
}
