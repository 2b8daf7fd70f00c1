/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The stack that the functions of simdinet.h use, on every implementation. They run in a signal handler
 * on a stack of its own, whose end is an unmapped page: what they wrote of it is measured.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/support.h"
#include "simdinet.h"

enum {
    STACK_SIZE = 256 * 1024,
    CALL = 64, /* what the call of a function by pointer and the frame of the handler may take */
    MAX_SCAN = 16 * 1024,
    MAX_OTHER = 1024,
    /* What the kernels note of a block: offsets and slots of IPv4 values, colons and errors of IPv6. */
    MAX_PARSE_COLUMNS = 2560,
    MAX_PARSE_LINES = 5120, /* the lines of a block */
    VALUES = 200,
};

#if defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                     \
        __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#        define LARGER_FRAMES "sanitizers use more stack"
#    endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(SIMDINET_SANITIZED)
#    define LARGER_FRAMES "sanitizers use more stack"
#elif !defined(__OPTIMIZE__)
#    define LARGER_FRAMES "not optimized"
#elif defined(COVERAGE)
#    define LARGER_FRAMES "coverage uses more stack"
#endif

/* ---- the calls ---------------------------------------------------------------------------------- */

static char text[1 << 16];
static size_t text_len;
static uint8_t addresses[VALUES * 16], out[VALUES * 16], validity[VALUES], families[VALUES];
static int32_t offsets[VALUES + 1], out_offsets[VALUES + 1];
static int64_t offsets64[VALUES + 1];
static char formatted[VALUES * 64];
static simdinet_match matches[64];

/* Lines of an address each, and neighbors that take the slow paths of the scan. */
static void fill_text(void) {
    static const char *const lines[] = {
        "192.0.2.1",
        "2001:db8::ff00:42:8329",
        "::ffff:198.51.100.7",
        "1:2:3:4:5:6:7:8",
        "x 192.0.2.7.443 > 10.0.0.1.5",
        "inet6 addr:2001:db8::1/64",
        ":::1:2:::",
        "(a; b/1.2.3.4; c)",
        "%2010.0.0.1 \\u0020::1 v1.2.3.4",
    };
    for (int i = 0; i < VALUES; i++) {
        const char *line = lines[i % 9];
        offsets[i] = (int32_t)text_len;
        memcpy(text + text_len, line, strlen(line));
        text_len += strlen(line);
        text[text_len++] = '\n';
    }
    offsets[VALUES] = (int32_t)text_len;
    for (int i = 0; i <= VALUES; i++)
        offsets64[i] = offsets[i];
    memset(addresses, 0x25, sizeof addresses);
    memset(validity, 0xff, sizeof validity);
}

static void scan_with(unsigned flags) {
    size_t at = 0, n;
    do
        at = simdinet_scan(text, at, text_len, flags, matches, sizeof matches[0], 64, &n);
    while (at < text_len && n > 0);
}

static void call_scan(void) {
    scan_with(0);
    scan_with(SIMDINET_SCAN_REJECTED);
    scan_with(SIMDINET_SCAN_RECALL | SIMDINET_SCAN_PARTIAL);
    scan_with(SIMDINET_SCAN_RECALL | SIMDINET_SCAN_IPV6);
}

static void call_parse(void) {
    size_t at;
    simdinet_parse_ipv4("192.0.2.1", 9, out);
    simdinet_parse_ipv6("::ffff:192.0.2.1", 16, out);
    simdinet_parse_ipv4_z("192.0.2.1", out);
    simdinet_parse_ipv6_z("2001:db8::1", out);
    simdinet_explain_ipv4("192.0.2.256", 11, &at);
    simdinet_explain_ipv6("2001:db8:::1", 12, &at);
}

static void call_format(void) {
    simdinet_format_ipv4(addresses, formatted);
    simdinet_format_ipv6(addresses, formatted);
}

static void call_parse_columns(void) {
    simdinet_parse_ipv4_column(text, offsets, VALUES, validity, out, families);
    simdinet_parse_ipv6_column(text, offsets, VALUES, validity, out, families);
    simdinet_parse_mixed_column(text, offsets, VALUES, NULL, out, families, families + 64);
    simdinet_parse_mixed_column64(text, offsets64, VALUES, NULL, out, families, families + 64);
    simdinet_parse_mixed_strided(text, 16, 16, VALUES, NULL, out, families, families + 64);
}

static void call_parse_lines(void) {
    size_t n, valid;
    simdinet_parse_ipv4_lines(text, text_len, 0, VALUES, out, families, &n, &valid);
    simdinet_parse_ipv6_lines(text, text_len, 0, VALUES, out, families, &n, &valid);
    simdinet_parse_mixed_lines(text, text_len, 0, VALUES, out, families, families + 64, &n, &valid);
}

static void call_format_lines(void) {
    size_t len;
    simdinet_format_ipv4_lines(addresses, VALUES, '\n', formatted, sizeof formatted, &len);
    simdinet_format_ipv6_lines(addresses, VALUES, '\n', formatted, sizeof formatted, &len);
    simdinet_format_mixed_lines(addresses, validity, VALUES, '\n', formatted, sizeof formatted,
                                &len);
}

static void call_format_columns(void) {
    simdinet_format_ipv4_column(addresses, NULL, VALUES, formatted, sizeof formatted, out_offsets);
    simdinet_format_ipv6_column(addresses, validity, VALUES, formatted, sizeof formatted,
                                out_offsets);
    simdinet_format_mixed_column(addresses, validity, NULL, VALUES, formatted, sizeof formatted,
                                 out_offsets);
}

static void call_swaps(void) {
    simdinet_swap16(out, addresses, VALUES);
    simdinet_swap32(out, addresses, VALUES);
    simdinet_swap64(out, addresses, VALUES);
}

/* ---- the stack ---------------------------------------------------------------------------------- */

static void (*measured)(void);
static char *frame;

#if defined(__x86_64__) && defined(EMULATED)
__attribute__((force_align_arg_pointer)) /* qemu-user 7.2 misaligns the stack of signal handlers */
#endif
static void
run_measured(int signal) {
    char here;
    (void)signal;
    frame = &here;
    measured();
}

/* The bytes of stack that a function uses. It has run before, so that no symbol is bound meanwhile. */
static size_t stack_of(void (*function)(void), char *stack) {
    function();
    memset(stack, 0xa5, STACK_SIZE);
    measured = function;
    cr_assert_eq(raise(SIGUSR1), 0);
    const char *lowest = stack;
    while (lowest < frame && *lowest == (char)0xa5)
        lowest++;
    return (size_t)(frame - lowest);
}

Test(stack, is_bounded) {
    static const struct {
        const char *name;
        void (*call)(void);
        size_t most;
    } calls[] = {
        {"scan", call_scan, MAX_SCAN},
        {"parse", call_parse, MAX_OTHER},
        {"format", call_format, MAX_OTHER},
        {"parse columns", call_parse_columns, MAX_PARSE_COLUMNS},
        {"parse lines", call_parse_lines, MAX_PARSE_LINES},
        {"format lines", call_format_lines, MAX_OTHER},
        {"format columns", call_format_columns, MAX_OTHER},
        {"swap", call_swaps, MAX_OTHER},
    };
#if defined(LARGER_FRAMES)
    cr_skip_test(LARGER_FRAMES);
#endif
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *mapping =
        mmap(NULL, STACK_SIZE + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert(mapping != MAP_FAILED);
    cr_assert_eq(mprotect(mapping, page, PROT_NONE), 0);
    char *const stack = mapping + page;
    const stack_t alternate = {.ss_sp = stack, .ss_size = STACK_SIZE};
    struct sigaction action = {.sa_handler = run_measured, .sa_flags = SA_ONSTACK};
    cr_assert_eq(sigaltstack(&alternate, NULL), 0);
    cr_assert_eq(sigaction(SIGUSR1, &action, NULL), 0);
    fill_text();
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
            const size_t used = stack_of(calls[i].call, stack);
            cr_expect(used <= calls[i].most + CALL, "implementation %s, %s: %zu bytes", impl->name,
                      calls[i].name, used);
        }
    }
}
