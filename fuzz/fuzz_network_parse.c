/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_network_parse.c - networks, ranges and endpoints from text, compared with the parsers of
 * network_reference.h. What is accepted is formatted and parsed again, and a range becomes networks
 * that cover it.
 *
 * Input: a byte for the flags, the text.
 */
#include <string.h>

#include "fuzz.h"
#include "tests/engine/network_reference.h"

enum { MAX_LEN = 256 };

/* Checks a reason, and that it is the one of a text that is accepted exactly if it is. */
static void check_reason(const char *text, size_t len, const char *what, bool ok,
                         simdinet_reason reason, size_t at) {
    if ((reason == SIMDINET_REASON_NONE) != ok || at > len || (ok && at != len))
        fail(text, len, "%s: %s at byte %zu", what, simdinet_reason_text(reason), at);
}

static void check_network(const char *text, size_t len, unsigned flags) {
    simdinet_network network, right, again;
    char formatted[SIMDINET_NETWORK_TEXT_SIZE];
    size_t at;
    bool ok = simdinet_parse_network(text, len, flags, &network);
    simdinet_reason reason = simdinet_explain_network(text, len, flags, &at);
    if (ok != reference_network(text, len, flags, &right))
        fail(text, len, "network: %s", ok ? "accepted" : "rejected");
    check_reason(text, len, "network", ok, reason, at);
    if (!ok)
        return;
    if (memcmp(&network, &right, sizeof network) != 0)
        fail(text, len, "network: wrong value");
    at = simdinet_format_network(&network, formatted);
    if (!simdinet_parse_network(formatted, at, 0, &again) ||
        simdinet_network_compare(&network, &again) != 0)
        fail(text, len, "network: formatted as %s", formatted);
}

static void check_coverage(const char *text, size_t len, const simdinet_range *range) {
    simdinet_network networks[SIMDINET_IPV6_RANGE_MAX_NETWORKS], next;
    uint8_t last[16];
    size_t n = simdinet_range_to_networks(range, networks, SIMDINET_IPV6_RANGE_MAX_NETWORKS);
    if (n == 0 || n > SIMDINET_IPV6_RANGE_MAX_NETWORKS ||
        memcmp(networks[0].address, range->first, 16) != 0)
        fail(text, len, "range: %zu networks, or another start", n);
    for (size_t i = 0; i + 1 < n; i++) {
        simdinet_network_last(&networks[i], last);
        simdinet_make_network(last, range->family, reference_bits(range->family), &next);
        if (!simdinet_network_next(&next, &next) ||
            memcmp(next.address, networks[i + 1].address, 16) != 0)
            fail(text, len, "range: network %zu does not follow the one before", i + 1);
    }
    simdinet_network_last(&networks[n - 1], last);
    if (memcmp(last, range->last, 16) != 0)
        fail(text, len, "range: the networks end elsewhere");
}

static void check_range(const char *text, size_t len, unsigned flags) {
    simdinet_range range, right, again;
    char formatted[SIMDINET_RANGE_TEXT_SIZE];
    size_t at;
    bool ok = simdinet_parse_range(text, len, flags, &range);
    simdinet_reason reason = simdinet_explain_range(text, len, flags, &at);
    if (ok != reference_range(text, len, flags, &right))
        fail(text, len, "range: %s", ok ? "accepted" : "rejected");
    check_reason(text, len, "range", ok, reason, at);
    if (!ok)
        return;
    if (memcmp(&range, &right, sizeof range) != 0)
        fail(text, len, "range: wrong value");
    at = simdinet_format_range(&range, formatted);
    if (!simdinet_parse_range(formatted, at, 0, &again) ||
        memcmp(&range, &again, sizeof range) != 0)
        fail(text, len, "range: formatted as %s", formatted);
    check_coverage(text, len, &range);
}

static void check_endpoint(const char *text, size_t len) {
    simdinet_endpoint endpoint, right;
    size_t at;
    bool ok = simdinet_parse_endpoint(text, len, &endpoint);
    simdinet_reason reason = simdinet_explain_endpoint(text, len, &at);
    if (ok != reference_endpoint(text, len, &right))
        fail(text, len, "endpoint: %s", ok ? "accepted" : "rejected");
    check_reason(text, len, "endpoint", ok, reason, at);
    if (ok && memcmp(&endpoint, &right, sizeof endpoint) != 0)
        fail(text, len, "endpoint: wrong value");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    unsigned flags = take_byte(&in) & 1 ? SIMDINET_NETWORK_CLEAR_HOST_BITS : 0;
    if (in.size > MAX_LEN)
        return 0;
    char *text = area_copy_at_end(0, in.data, in.size);
    check_network(text, in.size, flags);
    check_range(text, in.size, flags);
    check_endpoint(text, in.size);
    return 0;
}
