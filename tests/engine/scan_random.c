/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan_random.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "harness/prng.h"
#include "harness/support.h"
#include "scan_expected.h"

void with_each_implementation(void (*body)(const char *impl)) {
    FOR_EACH_IMPLEMENTATION (impl) {
        cr_assert(simdinet_use_implementation(impl->name));
        body(impl->name);
    }
    cr_assert(simdinet_use_implementation(NULL));
}

size_t repetitions_or(size_t usual, size_t briefly) {
    return brief() ? briefly : repetitions(usual);
}

uint64_t random_state;

size_t random_below(size_t bound) {
    prng random = {random_state};
    const uint64_t number = prng_next(&random);
    random_state = random.state;
    return (size_t)(number % bound);
}

size_t hostile_text(char *text, size_t size) {
    static const char *const pieces[] = {
        "10.0.0.1",
        "192.168.7.9",
        "127.0.0.1",
        "255.255.255.255",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "192.0.2.7.443 > ",
        "198.51.100.9.ssh > ",
        "192.0.2.7.22000",
        "192.0.2.7.179 - ",
        "::",
        "::1",
        "fe80::1",
        "2001:db8::ff00:42:8329",
        "::ffff:10.0.0.1",
        "1:2:3:4:5:6:7:8",
        "2001:db8:1:2:3:4:5:6:443",
        "2001:db8::1:58340",
        "fe80::1.546 > ",
        "2001:db8::7.44 ",
        "1:2:3:4:5:6:1.2.3.4",
        "00:11:22:33:44:55",
        "00:11:22:33:44:55:66:77",
        "00:11:22:33:44:55:",
        "00:11:22:33:44:5e/",
        "00-11-22-33-44-55/",
        "source.ip:",
        "\":",
        "2001:db8:0:0:0:0:0:1:",
        ":2001:db8:",
        ".192.168.0.10",
        ".1.3.6.1.2.1.4",
        "300.",
        "2.192.0.2.",
        "12:34:56",
        " > ",
        " - ",
        "  ",
        ": ",
        ":443",
        ":58340",
        ".443",
        ".ssh",
        ".pcap",
        ".00:00:5e:00:53:01",
        "\033[0m",
        "\033[38;5;1m",
        "\\u001b[1m",
        "#033[m",
        "\\t",
        "\\n",
        "\\u003c",
        "\\x22",
        "(10.0.0.1; U;",
        ":/x",
        "node2001:",
        "%20",
        "%2F",
        "%3A",
        "\\/",
        "Chrome/1.2.3.4",
        "HIER_DIRECT/",
        "ip/",
        "a.lan/",
        "ip-10-0-0-1/",
        "(1234)",
        "rv:1.2.3.4",
        "/a/1.2.3.4",
        "version: ",
        "\"version\":\"",
        "FW:",
        "FW ",
        " AF::",
        "b:: ",
        "x/0.1.2.3",
        "/y/0.0.0.7",
        "/pkg",
        "; U;",
        "; U)",
        "\"120.0.0.0\"",
        "'101.0.0.0",
        "Opera/9 ",
        "image: ",
        "~~",
        ">= ",
        "(a; ",
        "; b)",
        "; ",
        "Mozilla/5 ",
        " a/Word/",
        "CEF:0|a|b|",
        "LEEF:1.0|",
        "|",
        "/usr/lib/x-",
        "/opt/",
        "-1.2.3.4",
        "-rc1",
        "-r7",
        "-5.el9",
        ":pci\\",
        "log:12:",
        "key:",
        "src:::",
        "outside:",
        "*>i",
        "* i",
        "*bi",
        "/24",
        "std::fs",
        "[::]",
        "::/0",
        "<::>",
        "::~~",
        " :: ",
        "%eth0",
        "]:80",
        "abcd:",
        "::5:",
        "g2001:db8::1",
        "[.]",
        "(.)",
        "{dot}",
        "(DOT)",
        "[:]",
        "[colon]",
        "\\.",
        "7[.9",
        "7.]9",
        "192[.]0[.]2[.]1",
        "198.51.100(.)9",
        "203[dot]0[dot]113[dot]5",
        "2001[:]db8[:][:]1",
        "2001:db8[::]1",
        "[::]1",
    };
    static const char bytes[] =
        "0123456789012567.........::::::::abcdefABFgzR_/-[] \t\n\r\"'`%~|>;(){}=\\\033\0\x80";
    size_t len = 0;
    size_t kind = random_below(3);
    while (len < size) {
        const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
        size_t width = strlen(piece);
        if (kind > 0 && random_below(3) < kind && len + width <= size) {
            memcpy(text + len, piece, width);
            len += width;
        } else {
            text[len++] = bytes[random_below(sizeof bytes - 1)];
        }
    }
    return len;
}

unsigned random_flags(void) {
    static const unsigned choices[] = {
        SIMDINET_SCAN_IPV4,
        SIMDINET_SCAN_IPV6,
        SIMDINET_SCAN_RECALL,
        SIMDINET_SCAN_BARE_UNSPECIFIED,
        SIMDINET_SCAN_EUI64,
        SIMDINET_SCAN_DEFANGED,
        SIMDINET_SCAN_DEFANGED,
        SIMDINET_SCAN_NO_VERSION_SLASH,
        SIMDINET_SCAN_NO_VERSION_KEY,
        SIMDINET_SCAN_NO_VERSION_USER_AGENT,
        SIMDINET_SCAN_NO_VERSION_HEADER,
        SIMDINET_SCAN_NO_VERSION_PACKAGE,
        SIMDINET_SCAN_NO_VERSIONS,
        SIMDINET_SCAN_NO_ESCAPES,
        SIMDINET_SCAN_NO_DOT_PORT,
        SIMDINET_SCAN_NO_COLON_PORT,
        SIMDINET_SCAN_NO_COLON_AFTER,
        SIMDINET_SCAN_NO_KEY,
        SIMDINET_SCAN_NO_BGP,
    };
    enum { CHOICES = sizeof choices / sizeof choices[0] };
    unsigned flags = 0;
    for (size_t n = random_below(4); n > 0; n--)
        flags |= choices[random_below(CHOICES)];
    return flags;
}

size_t context_of(unsigned flags) {
    return flags & SIMDINET_SCAN_DEFANGED ? SIMDINET_SCAN_DEFANGED_CONTEXT : SIMDINET_SCAN_CONTEXT;
}

void describe_match(char to[160], const simdinet_match *matches, size_t n, size_t i) {
    if (i >= n) {
        snprintf(to, 160, "nothing");
        return;
    }
    const simdinet_match *m = &matches[i];
    char address[TEXT_CAPACITY] = "";
    libc_format(m->family == 4 ? IPV4 : IPV6, m->address, address);
    snprintf(to, 160, "%s, %u bytes at %zu, flags 0x%x, port %u, rule %s", address, m->length,
             m->offset, m->flags, m->port, simdinet_scan_rule_name(m->rule));
}

void check_matches(const origin *from, size_t start, const simdinet_match *expected,
                   size_t expected_n, const simdinet_match *found, size_t found_n) {
    char wanted[160], got[160];
    size_t skip = 0, i = 0;
    while (skip < expected_n && expected[skip].offset < start)
        skip++;
    expected += skip;
    expected_n -= skip;
    while (i < expected_n && i < found_n && same_match(&expected[i], &found[i], 0))
        i++;
    if (i == expected_n && i == found_n)
        return;
    describe_match(wanted, expected, expected_n, i);
    describe_match(got, found, found_n, i);
    const size_t at = i < expected_n ? expected[i].offset : found[i].offset;
    const size_t shown = at < 40 ? 0 : at - 40;
    cr_assert(false,
              "implementation %s, round %zu, flags 0x%05x, from %zu: match %zu of %zu is\n"
              "  %s, not\n  %s, in\n  \"%s\"",
              from->impl, from->round, from->flags, start, i, expected_n, got, wanted,
              show(from->text + shown, from->len - shown < 160 ? from->len - shown : 160));
}

size_t check_text(const origin *from, simdinet_match *wanted, simdinet_match *got,
                  size_t capacity) {
    const size_t n = scan_expected(from->text, from->len, from->flags, wanted, capacity);
    size_t count;
    simdinet_scan(from->text, 0, from->len, from->flags, got, sizeof *got, capacity, &count);
    check_matches(from, 0, wanted, n, got, count);
    return n;
}
