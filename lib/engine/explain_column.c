/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * explain_column.c - section "columns: text to bytes": why a column function rejected values.
 */
#include <string.h>

#include "block.h"
#include "simdinet.h"

typedef simdinet_reason explain_fn(const char *text, size_t len, size_t *at);

simdinet_reason simdinet_explain_mixed(const char *text, size_t len, size_t *at) {
    if (len > 0 && memchr(text, ':', len))
        return simdinet_explain_ipv6(text, len, at);
    return simdinet_explain_ipv4(text, len, at);
}

/* The offset of a column of wide, 64-bit, or 32-bit offsets. */
static int64_t offset_at(const void *offsets, bool wide, size_t i) {
    return wide ? ((const int64_t *)offsets)[i] : ((const int32_t *)offsets)[i];
}

static void explain_column(explain_fn *explain, const char *bytes, const void *offsets, bool wide,
                           size_t n, const uint8_t *validity, const uint8_t *parsed,
                           uint8_t *reasons, uint32_t *positions) {
    for (size_t i = 0; i < n; i++) {
        simdinet_reason reason = SIMDINET_REASON_NONE;
        size_t at = 0;
        if (validity && !bitmap_test(validity, i)) {
            reason = SIMDINET_REASON_NULL;
        } else if (!bitmap_test(parsed, i)) {
            int64_t begin = offset_at(offsets, wide, i);
            int64_t end = offset_at(offsets, wide, i + 1);
            if (end > begin)
                reason = explain(bytes + begin, (size_t)end - (size_t)begin, &at);
            else
                reason = SIMDINET_REASON_EMPTY;
        }
        reasons[i] = (uint8_t)reason;
        if (positions) /* far below 2^32: no error is far past the end of the longest address */
            positions[i] = (uint32_t)at;
    }
}

void simdinet_explain_ipv4_column(const char *bytes, const int32_t *offsets, size_t n,
                                  const uint8_t *validity, const uint8_t *parsed, uint8_t *reasons,
                                  uint32_t *positions) {
    explain_column(simdinet_explain_ipv4, bytes, offsets, false, n, validity, parsed, reasons,
                   positions);
}

void simdinet_explain_ipv6_column(const char *bytes, const int32_t *offsets, size_t n,
                                  const uint8_t *validity, const uint8_t *parsed, uint8_t *reasons,
                                  uint32_t *positions) {
    explain_column(simdinet_explain_ipv6, bytes, offsets, false, n, validity, parsed, reasons,
                   positions);
}

void simdinet_explain_mixed_column(const char *bytes, const int32_t *offsets, size_t n,
                                   const uint8_t *validity, const uint8_t *parsed, uint8_t *reasons,
                                   uint32_t *positions) {
    explain_column(simdinet_explain_mixed, bytes, offsets, false, n, validity, parsed, reasons,
                   positions);
}

void simdinet_explain_ipv4_column64(const char *bytes, const int64_t *offsets, size_t n,
                                    const uint8_t *validity, const uint8_t *parsed,
                                    uint8_t *reasons, uint32_t *positions) {
    explain_column(simdinet_explain_ipv4, bytes, offsets, true, n, validity, parsed, reasons,
                   positions);
}

void simdinet_explain_ipv6_column64(const char *bytes, const int64_t *offsets, size_t n,
                                    const uint8_t *validity, const uint8_t *parsed,
                                    uint8_t *reasons, uint32_t *positions) {
    explain_column(simdinet_explain_ipv6, bytes, offsets, true, n, validity, parsed, reasons,
                   positions);
}

void simdinet_explain_mixed_column64(const char *bytes, const int64_t *offsets, size_t n,
                                     const uint8_t *validity, const uint8_t *parsed,
                                     uint8_t *reasons, uint32_t *positions) {
    explain_column(simdinet_explain_mixed, bytes, offsets, true, n, validity, parsed, reasons,
                   positions);
}
