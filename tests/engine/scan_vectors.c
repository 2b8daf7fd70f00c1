/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Every sentence of docs/scan.md from both sides: what it accepts and what it rejects. Where a text
 * could be read in two ways, the comment says which one is meant and why.
 */
#include "scan_vectors.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* A text with its length, so that NULs are bytes like others. \000 is octal: "\0001" is NUL, 1. */
#define TEXT(literal) (literal), sizeof(literal) - 1

#define V4               SIMDINET_SCAN_IPV4
#define V6               SIMDINET_SCAN_IPV6
#define VERSIONS         SIMDINET_SCAN_NO_VERSIONS
#define BARE_UNSPECIFIED SIMDINET_SCAN_BARE_UNSPECIFIED
#define EUI64            SIMDINET_SCAN_EUI64

/* Unreserved characters that end in a letter, for the bound of the product's name. */
#define UNRESERVED_16 "Az09-._~Az09-._x"
#define UNRESERVED_63 UNRESERVED_16 UNRESERVED_16 UNRESERVED_16 "Az09-._~Az09-.x"
#define UNRESERVED_64 UNRESERVED_16 UNRESERVED_16 UNRESERVED_16 UNRESERVED_16

const scan_vector scan_vectors[] = {
    /* ---- nothing to find ---- */
    {TEXT(""), 0, ""},
    {TEXT("no address here, nor there."), 0, ""},
    {TEXT("1.2.3 and 1,2,3,4 and 1 .2.3.4"), 0, ""},
    {TEXT("."), 0, ""},
    {TEXT(":"), 0, ""},
    {TEXT("...."), 0, ""},
    {TEXT("\000\000\377"), 0, ""},

    /* ---- rule 4: four octets, 0 to 255, no leading zero, single dots ---- */
    {TEXT("10.0.0.1"), 0, "0:10.0.0.1"},
    {TEXT("0.0.0.0"), 0, "0:0.0.0.0"},
    {TEXT("255.255.255.255"), 0, "0:255.255.255.255"},
    {TEXT("199.249.99.9"), 0, "0:199.249.99.9"},
    {TEXT("256.1.1.1"), 0, ""},
    {TEXT("1.1.1.256"), 0, ""},
    {TEXT("1.1.300.1"), 0, ""},
    {TEXT("1.999.1.1"), 0, ""},
    {TEXT("1.2.3.1000"), 0, ""},
    {TEXT("01.2.3.4"), 0, ""},
    {TEXT("1.2.3.04"), 0, ""},
    {TEXT("1.00.3.4"), 0, ""},
    {TEXT("1.2..3.4"), 0, ""},
    {TEXT("1.2.3."), 0, ""},
    {TEXT("1.2.3.x"), 0, ""},
    {TEXT("1.2.3,4"), 0, ""},
    {TEXT("1. 2.3.4"), 0, ""},
    {TEXT("10.0.0.1 10.0.0.2\n10.0.0.3"), 0, "0:10.0.0.1 9:10.0.0.2 18:10.0.0.3"},

    /* ---- rule 4: no word byte before, no dot that follows a digit ---- */
    {TEXT("a10.0.0.1"), 0, ""},
    {TEXT("Z10.0.0.1"), 0, ""},
    {TEXT("v1.2.3.4"), 0, ""},
    {TEXT("_10.0.0.1"), 0, ""},
    {TEXT("ip_10.0.0.1"), 0, ""},
    {TEXT("0010.0.0.1"), 0, ""},
    {TEXT("9.1.2.3.4"), 0, ""},
    {TEXT("1.2.3.4.5"), 0, ""},
    {TEXT("1.2.3.4.5.6.7.8"), 0, ""},
    {TEXT("1.3.6.1.4.1.8072"), 0, ""},        /* an OID */
    {TEXT(".1.3.6.1.2.1.1.1.0"), 0, ""},      /* as snmpwalk writes it */
    {TEXT("999.10.0.0.1"), 0, ""},            /* no octet, and yet a longer number */
    {TEXT("a9.10.0.0.1"), 0, ""},             /* the byte before the dot decides, no farther one */
    {TEXT(".10.0.0.1"), 0, "1:10.0.0.1"},     /* the dot follows the start of the text */
    {TEXT("x .10.0.0.1"), 0, "3:10.0.0.1"},   /* ... a blank */
    {TEXT("host.10.0.0.1"), 0, "5:10.0.0.1"}, /* ... a letter */
    {TEXT("_.10.0.0.1"), 0, "2:10.0.0.1"},    /* ... an underscore */
    {TEXT("9..10.0.0.1"), 0, "3:10.0.0.1"},   /* ... a dot */
    {TEXT("\303\251.10.0.0.1"), 0, "3:10.0.0.1"}, /* ... a byte that is not ASCII */
    {TEXT("\00010.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("9\000.10.0.0.1"), 0, "3:10.0.0.1"},
    {TEXT("\303\25110.0.0.1"), 0, "2:10.0.0.1"},
    {TEXT("\37710.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("\20010.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("\17710.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("\r\n10.0.0.1"), 0, "2:10.0.0.1"},
    {TEXT("\t10.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("\\n10.0.0.1"), 0, "2:10.0.0.1"}, /* rule 2: its letter delimits */
    {TEXT("%2F10.0.0.1"), 0, "3:10.0.0.1"}, /* rule 3: so do its digits */

    /* ---- rule 4: no word byte after, no dot that a letter or a digit follows ---- */
    {TEXT("10.0.0.1a"), 0, ""},
    {TEXT("10.0.0.1Z"), 0, ""},
    {TEXT("10.0.0.1_"), 0, ""},
    {TEXT("10.0.0.1000"), 0, ""},
    {TEXT("10.0.0.1.example.org"), 0, ""},
    {TEXT("1.0.0.10.in-addr.arpa"), 0, ""},
    {TEXT("10.0.0.1.Z"), 0, ""},
    {TEXT("10.0.0.1.443 > 10.0.0.2.80:"), 0,
     "0:10.0.0.1 15:10.0.0.2"}, /* rule 5: ports of tcpdump */
    {TEXT("at 10.0.0.1."), 0, "3:10.0.0.1"},
    {TEXT("at 10.0.0.1. Then"), 0, "3:10.0.0.1"},
    {TEXT("at 10.0.0.1.\n"), 0, "3:10.0.0.1"},
    {TEXT("at 10.0.0.1.\r\n"), 0, "3:10.0.0.1"},
    {TEXT("(at 10.0.0.1.)"), 0, "4:10.0.0.1"},
    {TEXT("at 10.0.0.1..."), 0, "3:10.0.0.1"},
    {TEXT("at 10.0.0.1..5"), 0, "3:10.0.0.1"},
    {TEXT("10.0.0.1._"), 0, "0:10.0.0.1"}, /* an underscore is neither letter nor digit */
    {TEXT("10.0.0.1.\000x"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1.\303\251"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1\000x"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1\303\251"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1\377"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1\r\n"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1\t"), 0, "0:10.0.0.1"},

    /* ---- rule 6: a colon before it ---- */
    {TEXT("client:10.0.0.1"), 0, "7:10.0.0.1"},
    {TEXT("client: 10.0.0.1"), 0, "8:10.0.0.1"},
    {TEXT(":10.0.0.1"), 0, "1:10.0.0.1"},
    {TEXT("x_:10.0.0.1"), 0, "3:10.0.0.1"},
    {TEXT("access.log:12:10.0.0.1"), 0, "14:10.0.0.1"},
    {TEXT("log:12:10.0.0.1"), 0, "7:10.0.0.1"}, /* "log" is no hex group */
    {TEXT(":12:10.0.0.1"), 0, "4:10.0.0.1"},    /* nothing before the second colon */
    {TEXT(" :12:10.0.0.1"), 0, "5:10.0.0.1"},
    {TEXT("\000:12:10.0.0.1"), 0, "5:10.0.0.1"},
    {TEXT("]:12:10.0.0.1"), 0, "5:10.0.0.1"},
    {TEXT("12:10.0.0.1"), 0, "3:10.0.0.1"}, /* fewer than six groups */
    {TEXT("face:10.0.0.1"), 0, "5:10.0.0.1"},
    {TEXT("1:log:10.0.0.1"), 0, "6:10.0.0.1"},
    {TEXT("1:_2:10.0.0.1"), 0, "5:10.0.0.1"},
    {TEXT("1:12345:10.0.0.1"), 0, "8:10.0.0.1"}, /* five digits are no group */
    {TEXT("12345:1:10.0.0.1"), 0, "8:10.0.0.1"},
    {TEXT("g123:1:10.0.0.1"), 0, "7:10.0.0.1"},
    {TEXT("_123:1:10.0.0.1"), 0, "7:10.0.0.1"},
    {TEXT("10.0.0.1:10.0.0.2"), 0, "0:10.0.0.1 9:10.0.0.2"},
    {TEXT("::10.0.0.1"), V4, ""},
    {TEXT("key::10.0.0.1"), 0, ""},
    {TEXT(":::10.0.0.1"), 0, ""},
    {TEXT("::5:10.0.0.1"), V4, ""},
    {TEXT("key::5:10.0.0.1"), 0, ""},
    {TEXT("key::abcd:10.0.0.1"), 0, ""},
    {TEXT("::ffff:10.0.0.1"), V4, ""},
    {TEXT("::FFFF:10.0.0.1"), V4, ""},
    {TEXT("::12345:10.0.0.1"), 0, "8:10.0.0.1"},
    {TEXT("1:2:3:4:5:6:10.0.0.1"), V4, ""},
    {TEXT("1:2:3:4:5:6:10.0.0.1"), 0, "0:1:2:3:4:5:6:10.0.0.1"},
    {TEXT("1111:2222:3333:4444:5555:6666:255.255.255.255"), 0,
     "0:1111:2222:3333:4444:5555:6666:255.255.255.255"},
    {TEXT("64:ff9b::10.0.0.1"), V4, ""},
    {TEXT("12:34:10.0.0.1"), 0, "6:10.0.0.1"},
    {TEXT("1234:abcd:10.0.0.1"), 0, "10:10.0.0.1"},
    {TEXT("12:34:56:10.0.0.1"), 0, "9:10.0.0.1"}, /* a clock time */
    {TEXT("00:11:22:33:44:55:10.0.0.1"), V4, "18:10.0.0.1"},
    {TEXT("add:12:10.0.0.1"), 0, "7:10.0.0.1"},     /* a word of hexadecimal digits */
    {TEXT("(12:34:10.0.0.1"), 0, "7:10.0.0.1"},     /* bytes that bound a group */
    {TEXT("main.c:12:10.0.0.1"), 0, "10:10.0.0.1"}, /* a dot before it: "c" is no group */
    {TEXT("\303\25112:34:10.0.0.1"), 0, "8:10.0.0.1"},
    {TEXT("\00012:34:10.0.0.1"), 0, "7:10.0.0.1"},
    {TEXT("127.0.0.1:80:10.0.0.1:80"), 0, "0:127.0.0.1 13:10.0.0.1"}, /* ssh -L */
    {TEXT("x.12:10.0.0.1 .a:b:10.0.0.2"), 0, "5:10.0.0.1 19:10.0.0.2"},

    /* ---- rule 4: everything else delimits ---- */
    {TEXT("10.0.0.1:443"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1:"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1::"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.1::5"), 0, "0:10.0.0.1"},
    {TEXT("10.0.0.0/8"), 0, "0:10.0.0.0"},
    {TEXT("10.0.0.1-10.0.0.9"), 0, "0:10.0.0.1 9:10.0.0.9"},
    {TEXT("10.0.0.1..10.0.0.9"), 0, "0:10.0.0.1 10:10.0.0.9"},
    {TEXT("10.0.0.1-9"), 0, "0:10.0.0.1"},
    {TEXT("lib-1.2.3.4-rc1"), 0, "4:1.2.3.4!v"},
    {TEXT("lib-1.2.3.4.so"), 0, ""},
    {TEXT("\"10.0.0.1\" '10.0.0.2' `10.0.0.3`"), 0, "1:10.0.0.1 12:10.0.0.2 23:10.0.0.3"},
    {TEXT("[10.0.0.1](10.0.0.2){10.0.0.3}<10.0.0.4>"), 0,
     "1:10.0.0.1 11:10.0.0.2 21:10.0.0.3 31:10.0.0.4"},
    {TEXT("a=10.0.0.1,10.0.0.2;10.0.0.3|10.0.0.4"), 0,
     "2:10.0.0.1 11:10.0.0.2 20:10.0.0.3 29:10.0.0.4"},
    {TEXT("u@10.0.0.1@v"), 0, "2:10.0.0.1"},
    {TEXT("%10.0.0.1%eth0"), 0, "1:10.0.0.1"},
    {TEXT("!10.0.0.1!#10.0.0.2#$10.0.0.3$"), 0, "1:10.0.0.1 11:10.0.0.2 21:10.0.0.3"},
    {TEXT("&10.0.0.1&*10.0.0.2*+10.0.0.3+"), 0, "1:10.0.0.1 11:10.0.0.2 21:10.0.0.3"},
    {TEXT("?10.0.0.1?\\10.0.0.2\\^10.0.0.3^~10.0.0.4~"), 0,
     "1:10.0.0.1 11:10.0.0.2 21:10.0.0.3 31:10.0.0.4"},
    {TEXT("/10.0.0.1/"), 0, "1:10.0.0.1"},
    {TEXT("http://10.0.0.1/x?y=10.0.0.2#10.0.0.3"), 0, "7:10.0.0.1 20:10.0.0.2 29:10.0.0.3"},

    /* ---- rule 13: a word and a slash ---- */
    {TEXT("Chrome/30.0.0.0"), 0, "7:30.0.0.0!v"},
    {TEXT("Chrome/30.0.0.0"), VERSIONS, "7:30.0.0.0"},
    {TEXT("Chrome/30.0.0.0"), V4, "7:30.0.0.0!v"},
    {TEXT("Chrome/30.0.0.0"), V4 | VERSIONS, "7:30.0.0.0"},
    {TEXT("Chrome/30.0.0.0"), V6, ""},
    {TEXT("Chrome/30.0.0.0"), V6 | VERSIONS, ""},
    {TEXT("x Chrome/30.0.0.0 Safari/537.36"), 0, "9:30.0.0.0!v"},
    {TEXT("Z/1.2.3.4"), 0, "2:1.2.3.4!v"},
    {TEXT("a-b.c_d~e/1.2.3.4"), 0, "10:1.2.3.4!v"},
    {TEXT("host/10.0.0.1:80"), 0, "5:10.0.0.1"},
    {TEXT("mailto:me@host/10.0.0.1"), 0, "15:10.0.0.1!v"}, /* "@" ends the run, not "/" */
    {TEXT("x:/host/10.0.0.1 y"), 0, "8:10.0.0.1"},
    {TEXT("http://example.org/10.0.0.1"), 0, "19:10.0.0.1"},
    {TEXT("http://example.org/10.0.0.1"), VERSIONS, "19:10.0.0.1"},
    {TEXT("GET /proxy/10.0.0.1"), 0, "11:10.0.0.1"},
    {TEXT("GET /a%20b/10.0.0.1"), 0, "11:10.0.0.1!v"}, /* "%" ends the run: no path is seen */
    {TEXT("HTTP2/10.0.0.1"), 0, "6:10.0.0.1!v"},       /* a digit before the slash */
    {TEXT("x_/10.0.0.1 x-/10.0.0.2 x./10.0.0.3"), 0, "3:10.0.0.1 15:10.0.0.2 27:10.0.0.3"},
    {TEXT("/10.0.0.1 //10.0.0.2"), 0, "1:10.0.0.1 12:10.0.0.2"},
    {TEXT("\303\251/10.0.0.1"), 0, "3:10.0.0.1"}, /* a letter, but not of ASCII */
    {TEXT("/\303\251t/10.0.0.1"), 0, "5:10.0.0.1!v"},
    {TEXT("\000t/10.0.0.1"), 0, "3:10.0.0.1!v"},
    {TEXT("10.0.0.1/10.0.0.2"), 0, "0:10.0.0.1 9:10.0.0.2"},
    {TEXT("10.0.0.1/x/10.0.0.2"), 0, "0:10.0.0.1 11:10.0.0.2"},
    {TEXT("Chrome/ 30.0.0.0"), 0, "8:30.0.0.0"},
    {TEXT("Chrome/30.0.0.0.1"), 0, ""}, /* the rules for IPv4 come first */

    /* ---- rule 13: the word is at most 64 bytes long ---- */
    {TEXT(UNRESERVED_63 "/10.0.0.1"), 0, "64:10.0.0.1!v"},
    {TEXT(UNRESERVED_64 "/10.0.0.1"), 0, "65:10.0.0.1!v"},
    {TEXT(" " UNRESERVED_64 "/10.0.0.1"), 0, "66:10.0.0.1!v"},
    {TEXT("x" UNRESERVED_64 "/10.0.0.1"), 0, "66:10.0.0.1"},
    {TEXT(" ~" UNRESERVED_64 "/10.0.0.1"), 0, "67:10.0.0.1"},
    {TEXT("/" UNRESERVED_63 "/10.0.0.1"), 0, "65:10.0.0.1"},
    {TEXT("/" UNRESERVED_64 "/10.0.0.1"), 0, "66:10.0.0.1"},
    {TEXT("/x" UNRESERVED_64 "/10.0.0.1"), 0, "67:10.0.0.1"},
    {TEXT("/ " UNRESERVED_64 "/10.0.0.1"), 0, "67:10.0.0.1!v"},
    {TEXT("\000" UNRESERVED_64 "/10.0.0.1"), 0, "66:10.0.0.1!v"},
    {TEXT("\377" UNRESERVED_64 "/10.0.0.1"), 0, "66:10.0.0.1!v"},
    {TEXT("/a\351b/10.0.0.1"), 0, "5:10.0.0.1!v"},
    {TEXT("a\351/10.0.0.1"), 0, "3:10.0.0.1"},

    /* ---- rule 14: "rv:" ---- */
    {TEXT("rv:1.8.1.4"), VERSIONS, "3:1.8.1.4"},
    {TEXT("rv:1.8.1.4"), 0, "3:1.8.1.4!v"},
    {TEXT("(X11; rv:1.8.1.4) Gecko"), 0, "9:1.8.1.4!v"},
    {TEXT("/rv:1.8.1.4"), 0, "4:1.8.1.4!v"},
    {TEXT("\303\251rv:1.8.1.4"), 0, "5:1.8.1.4!v"},
    {TEXT("srv:10.0.0.1 _rv:10.0.0.2 1rv:10.0.0.3"), 0, "4:10.0.0.1 17:10.0.0.2!v 30:10.0.0.3"},
    {TEXT("rv: 10.0.0.1 rv=10.0.0.2 v:10.0.0.3"), 0, "4:10.0.0.1 16:10.0.0.2 27:10.0.0.3"},
    {TEXT("RV:10.0.0.1 Rv:10.0.0.2"), 0, "3:10.0.0.1 15:10.0.0.2"},    /* as it is written: rv */
    {TEXT("rv:[::1] Product/2001:db8::1"), 0, "4:::1 17:2001:db8::1"}, /* of IPv4 alone */

    /* ---- IPv6: the forms of RFC 4291, section 2.2 ---- */
    {TEXT("2001:db8:0:0:8:800:200c:417a"), 0, "0:2001:db8:0:0:8:800:200c:417a"},
    {TEXT("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789"), 0,
     "0:ABCD:EF01:2345:6789:ABCD:EF01:2345:6789"},
    {TEXT("2001:DB8::8:800:200C:417A"), 0, "0:2001:DB8::8:800:200C:417A"},
    {TEXT("2001:dB8::aBcD"), 0, "0:2001:dB8::aBcD"},
    {TEXT("FF01::101"), 0, "0:FF01::101"},
    {TEXT("::1"), 0, "0:::1"},
    {TEXT("1::"), 0, "0:1::"},
    {TEXT("0::0"), 0, "0:0::0"},
    {TEXT("0:0:0:0:0:0:0:0"), 0, "0:0:0:0:0:0:0:0:0"},
    {TEXT("1:2:3:4:5:6:7::"), 0, "0:1:2:3:4:5:6:7::"},
    {TEXT("::2:3:4:5:6:7:8"), 0, "0:::2:3:4:5:6:7:8"},
    {TEXT("1:2:3::5:6:7:8"), 0, "0:1:2:3::5:6:7:8"},
    {TEXT("0000:0000::0001"), 0, "0:0000:0000::0001"},
    {TEXT("0:0:0:0:0:0:13.1.68.3"), 0, "0:0:0:0:0:0:0:13.1.68.3"},
    {TEXT("::13.1.68.3"), 0, "0:::13.1.68.3"},
    {TEXT("1:2:3:4:5::13.1.68.3"), 0, "0:1:2:3:4:5::13.1.68.3"},
    {TEXT("64:ff9b::192.0.2.33"), 0, "0:64:ff9b::192.0.2.33"},
    {TEXT("::ffff:129.144.52.38"), 0, "0:::ffff:129.144.52.38!m"},
    {TEXT("::FFFF:129.144.52.38"), V6, "0:::FFFF:129.144.52.38!m"},
    {TEXT("0:0:0:0:0:FFFF:129.144.52.38"), 0, "0:0:0:0:0:0:FFFF:129.144.52.38!m"},
    {TEXT("::ffff:a00:1"), 0, "0:::ffff:a00:1!m"}, /* mapped is what the bytes say */
    {TEXT("::ffff:0:0"), 0, "0:::ffff:0:0!m"},
    {TEXT("0:0:0:0:0:ffff::"), 0, "0:0:0:0:0:0:ffff::!m"},
    {TEXT("::ffff:0:10.0.0.1 ::fffe:10.0.0.1"), 0, "0:::ffff:0:10.0.0.1 18:::fffe:10.0.0.1"},
    {TEXT("1::ffff:10.0.0.1"), 0, "0:1::ffff:10.0.0.1"},
    {TEXT("2001:0db8:1111:2222:3333:4444:255.255.255.255"), 0,
     "0:2001:0db8:1111:2222:3333:4444:255.255.255.255"}, /* 45 bytes */
    {TEXT("ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.190\n"
          "0000:0000:0000:0000:0000:ffff:192.168.158.190"),
     0,
     "0:ABCD:ABCD:ABCD:ABCD:ABCD:ABCD:192.168.158.190 "
     "46:0000:0000:0000:0000:0000:ffff:192.168.158.190!m"},

    /* ---- IPv6: what inet_pton rejects; no part of it is reported ---- */
    {TEXT("1:2:3:4:5:6:7"), 0, ""},
    {TEXT("1:2:3:4:5:6:7:8:9"), 0, ""},
    {TEXT("1:2:3:4::5:6:7:8"), 0, ""}, /* "::" must stand for a group */
    {TEXT("::1:2:3:4:5:6:7:8"), 0, ""},
    {TEXT("1:2:3:4:5:6:7:8::"), 0, ""},
    {TEXT("1::2::3"), 0, ""},
    {TEXT("::1::"), 0, ""},
    {TEXT("1:::2"), 0, ""},
    {TEXT(":::"), BARE_UNSPECIFIED, ""},
    {TEXT("::::"), BARE_UNSPECIFIED, ""},
    {TEXT(":1::2"), 0, ""},
    {TEXT("1::2:"), 0, "0:1::2"},
    {TEXT(":1:2:3:4:5:6:7:8"), 0, ""},
    {TEXT("1:2:3:4:5:6:7:8:"), 0, "0:1:2:3:4:5:6:7:8"},
    {TEXT("12345::1"), 0, ""},
    {TEXT("1::12345"), 0, ""},
    {TEXT("1::00001"), 0, ""},
    {TEXT("1:2:3:4:5:6:7:10.0.0.1"), 0, ""},
    {TEXT("1:2:3:4:5:10.0.0.1"), 0, "10:10.0.0.1"},
    {TEXT("1:2:3:4:5:6::10.0.0.1"), 0, ""},
    {TEXT("::256.0.0.1"), 0, ""},
    {TEXT("::10.0.0.01"), 0, ""},
    {TEXT("::10.0.1"), 0, ""},
    {TEXT("::ffff:10.0.0.1.2"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0"), 0, "0:::ffff:10"},
    {TEXT("::a.0.0.1"), 0, ""},
    {TEXT("abcdef::1 ::g"), 0, ""},
    {TEXT("2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999::1"), 0,
     "0:2001:db8:1111:2222:3333:4444:5555:6666"},

    /* ---- rule 9: a dot and digits after it ---- */
    {TEXT("2001:db8::1.5"), 0, "0:2001:db8::1"}, /* digits after a dot are a port ... */
    {TEXT("2001:db8::a.5"), 0, "0:2001:db8::a"},
    {TEXT("fe80::1.546 > ff02::2.547:"), 0, "0:fe80::1 14:ff02::2"},
    {TEXT("2001:db8::1."), 0, "0:2001:db8::1"}, /* ... and another dot ends the sentence */
    {TEXT("2001:db8::1.\r\n"), 0, "0:2001:db8::1"},
    {TEXT("2001:db8::1.example"), 0, "0:2001:db8::1"},
    {TEXT("2001:db8::1.f"), 0, "0:2001:db8::1"},
    {TEXT("2001:db8::1..5"), 0, "0:2001:db8::1"},
    {TEXT("2001:db8::1..2001:db8::9"), 0, "0:2001:db8::1 13:2001:db8::9"},
    {TEXT("::ffff:10.0.0.1."), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1..."), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1...x"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::10.0.0.1..::10.0.0.9"), 0, "0:::10.0.0.1 12:::10.0.0.9"},

    /* Two dots end an embedded IPv4 address. */
    {TEXT("::10.0.0.1..5"), 0, "0:::10.0.0.1"},
    {TEXT("::10.0.0.1......5"), 0, "0:::10.0.0.1"},
    {TEXT("::10.0.0.1..10.0.0.9"), 0, "0:::10.0.0.1 12:10.0.0.9"},
    {TEXT("::10.0..0.1"), 0, ""},
    {TEXT("::1.2..3::4"), 0, "7:3::4"},

    /* ---- IPv6: no word byte before, no dot that follows a digit ---- */
    {TEXT("g2001:db8::1"), 0, ""},
    {TEXT("x::1"), 0, ""},
    {TEXT("_::1"), 0, ""},
    {TEXT("Z::1"), 0, ""},
    {TEXT("src:2001:db8::1"), 0, "4:2001:db8::1"}, /* rule 10: "src" is a key */
    {TEXT("ip:2001:db8::1"), 0, "3:2001:db8::1"},
    {TEXT("key::1"), 0, ""},
    {TEXT("src: 2001:db8::1 src=2001:db8::2"), 0, "5:2001:db8::1 21:2001:db8::2"},
    {TEXT("x::10.0.0.1"), 0, ""},
    {TEXT("9.::1"), 0, ""},
    {TEXT("9.2001:db8::1"), 0, ""},
    {TEXT("1.2.3.4.::1"), 0, "0:1.2.3.4"},
    {TEXT(".::1"), 0, "1:::1"},
    {TEXT("f.::1 _.::2 ..::3 \377.::4"), 0, "2:::1 8:::2 14:::3 20:::4"},
    {TEXT("\000::1\000"), 0, "1:::1"},
    {TEXT("\303\251::1\303\251"), 0, "2:::1"},
    {TEXT("\3771::\377"), 0, "1:1::"},
    {TEXT("\177::1\177"), 0, "1:::1"},
    {TEXT("\r\n::1\r\n"), 0, "2:::1"},
    {TEXT("\t::1\t::2"), 0, "1:::1 5:::2"},
    {TEXT("-::1-"), 0, "1:::1"},

    /* ---- IPv6: no word byte after; rule 7: a colon after it ---- */
    {TEXT("2001:db8::1g"), 0, ""},
    {TEXT("2001:db8::1_"), 0, ""},
    {TEXT("2001:db8::1Z"), 0, ""},
    {TEXT("2001:db8::z"), 0, ""},
    {TEXT("2001:db8::1:"), 0, "0:2001:db8::1"}, /* the end of the text */
    {TEXT("2001:db8::1: icmp_seq=1"), 0, "0:2001:db8::1"},
    {TEXT("2001:db8::1._"), 0, "0:2001:db8::1"},
    {TEXT("::ffff:10.0.0.1:443"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1:"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1::5"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1g"), 0, ""},
    {TEXT("::ffff:10.0.0.1a"), 0, ""},
    {TEXT("::ffff:10.0.0.1_"), 0, ""},
    {TEXT("::ffff:10.0.0.1.x"), 0, ""},
    {TEXT("::ffff:10.0.0.1._"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1\000"), 0, "0:::ffff:10.0.0.1!m"},
    {TEXT("::ffff:10.0.0.1\200"), 0, "0:::ffff:10.0.0.1!m"},

    /* ---- rule 11: the bare "::" ---- */
    {TEXT("::"), 0, "0:::"},
    {TEXT(" :: "), 0, "1:::"},
    {TEXT("\t::\t"), 0, "1:::"},
    {TEXT("a\n::\nb"), 0, "2:::"},
    {TEXT("a\r\n::\r\nb"), 0, "3:::"},
    {TEXT("\"::\" '::' `::`"), 0, "1::: 6::: 11:::"},
    {TEXT("\":: "), 0, "1:::"}, /* the two sides need not be alike */
    {TEXT("[::]"), 0, "1:::"},
    {TEXT("x[::]:80"), 0, "2:::"},
    {TEXT("[:: ]"), 0, "1:::"}, /* a bracket on one side */
    {TEXT("[::"), 0, "1:::"},
    {TEXT("::]"), 0, ""},
    {TEXT("][::["), 0, ""},
    {TEXT("(::)"), 0, "1:::"},
    {TEXT("<::>,::,{::}"), 0, "1:::"},
    {TEXT("=:: "), 0, "1:::"}, /* each side has its own bytes */
    {TEXT(" ::="), 0, ""},
    {TEXT("::/0"), 0, "0:::"},
    {TEXT("listen on ::."), 0, ""},
    {TEXT("\000::\000"), 0, ""}, /* NUL is not a byte of rule 11 */
    {TEXT("\302\240::\302\240"), 0, ""},
    {TEXT("\v::\v \f::\f"), 0, ""},
    {TEXT("::/0 (::) ,::, ::."), BARE_UNSPECIFIED, "0::: 6::: 11::: 15:::"},
    {TEXT("\000::\000\377::\377"), BARE_UNSPECIFIED, "1::: 5:::"},
    {TEXT("x:: ::x _:: ::_ 9.:: ::.9"), BARE_UNSPECIFIED, ""}, /* no word bytes, all the same */
    {TEXT("::.x .:: f.::"), BARE_UNSPECIFIED, "0::: 6::: 11:::"},
    {TEXT("(::)"), V4 | BARE_UNSPECIFIED, ""},
    {TEXT("std::fs Foo::Bar a::before"), 0, ""}, /* word bytes beside it ... */
    {TEXT("std::fs Foo::Bar a::before"), BARE_UNSPECIFIED, ""},
    {TEXT("Dead::Beef"), 0, "0:Dead::Beef"}, /* ... but not beside this one */
    {TEXT("operator :: here"), 0, "9:::"},
    {TEXT("(::1) =::1, ::1/128"), 0, "1:::1 7:::1 12:::1"}, /* rule 11 is for the bare one */

    /* ---- EUI-64, and groups that are not an address ---- */
    {TEXT("00:11:22:33:44:55:66:77"), 0, ""},
    {TEXT("00:11:22:33:44:55:66:77"), EUI64, "0:00:11:22:33:44:55:66:77"},
    {TEXT("AA:bb:CC:dd:EE:ff:00:99%eth0"), 0, ""},
    {TEXT("[AA:bb:CC:dd:EE:ff:00:99]"), V6 | EUI64, "1:AA:bb:CC:dd:EE:ff:00:99"},
    {TEXT("00:11:22:33:44:55:66:77"), V4 | EUI64, ""},
    {TEXT("x00:11:22:33:44:55:66:77"), EUI64, ""},
    {TEXT("0:11:22:33:44:55:66:77"), 0, "0:0:11:22:33:44:55:66:77"},
    {TEXT("00:11:22:33:44:55:66:777"), 0, "0:00:11:22:33:44:55:66:777"},
    {TEXT("1:222:33:44:55:66:77:88"), 0, "0:1:222:33:44:55:66:77:88"}, /* 23 bytes as well */
    {TEXT("11:22:33::55:66:77:88"), 0, "0:11:22:33::55:66:77:88"},
    {TEXT("11:22:33:44:55:66:10.0.0.1"), 0, "18:10.0.0.1"},
    {TEXT("00:11:22:33:44:55"), EUI64, ""}, /* a MAC address */
    {TEXT("00-11-22-33-44-55 0011.2233.4455"), EUI64, ""},
    {TEXT("MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00 SRC=10.0.0.1"), EUI64, "50:10.0.0.1"},
    {TEXT("12:34:56 23:59 2026-11-22T17:00:00Z"), 0, ""},  /* clock times */
    {TEXT("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), 0, ""}, /* a UUID */
    {TEXT("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), 0, ""},
    {TEXT("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e"), 0, ""}, /* a fingerprint */

    /* ---- IPv6: zones, prefixes, ports, quotes, brackets ---- */
    {TEXT("fe80::1%eth0"), 0, "0:fe80::1"},
    {TEXT("fe80::1%25eth0 fe80::2%1"), 0, "0:fe80::1 15:fe80::2"},
    {TEXT("fe80::1%10.0.0.1"), 0, "0:fe80::1 8:10.0.0.1"},
    {TEXT("2001:db8::/32"), 0, "0:2001:db8::"},
    {TEXT("2001:db8::1/128,2001:db8::2;2001:db8::3|::4"), 0,
     "0:2001:db8::1 16:2001:db8::2 28:2001:db8::3 40:::4"},
    {TEXT("2001:db8::1-2001:db8::9"), 0, "0:2001:db8::1 12:2001:db8::9"},
    {TEXT("[2001:db8::1]:443"), 0, "1:2001:db8::1"},
    {TEXT("http://[2001:db8::1]:80/[fe80::1%25en0]"), 0, "8:2001:db8::1 25:fe80::1"},
    {TEXT("[::ffff:10.0.0.1]:80"), 0, "1:::ffff:10.0.0.1!m"},
    {TEXT("\"::1\" '::2' `::3` (::4) <::5> {::6}"), 0, "1:::1 7:::2 13:::3 19:::4 25:::5 31:::6"},
    {TEXT("u@::1@v a=::2&b ~::3~ +::4+ *::5* \\::6\\"), 0,
     "2:::1 10:::2 17:::3 23:::4 29:::5 35:::6"},

    /* ---- which families ---- */
    {TEXT("10.0.0.1 2001:db8::1 ::ffff:10.0.0.2"), 0,
     "0:10.0.0.1 9:2001:db8::1 21:::ffff:10.0.0.2!m"},
    {TEXT("10.0.0.1 2001:db8::1 ::ffff:10.0.0.2"), V4 | V6,
     "0:10.0.0.1 9:2001:db8::1 21:::ffff:10.0.0.2!m"},
    {TEXT("10.0.0.1 2001:db8::1 ::ffff:10.0.0.2"), V4, "0:10.0.0.1"},
    {TEXT("10.0.0.1 2001:db8::1 ::ffff:10.0.0.2"), V6, "9:2001:db8::1 21:::ffff:10.0.0.2!m"},
    {TEXT("rv:1.2.3.4 (::) 00:11:22:33:44:55:66:77"), VERSIONS | BARE_UNSPECIFIED | EUI64,
     "3:1.2.3.4 12::: 16:00:11:22:33:44:55:66:77"},
};

const size_t scan_vector_count = sizeof(scan_vectors) / sizeof(scan_vectors[0]);

static bool address_is_right(const scan_vector *vector, const simdinet_match *match) {
    char text[SIMDINET_IPV6_TEXT_SIZE] = {0};
    uint8_t address[16] = {0};
    memcpy(text, vector->text + match->offset, match->length);
    int family = match->family == 4 ? AF_INET : AF_INET6;
    return (match->family == 4 || match->family == 6) && inet_pton(family, text, address) == 1 &&
           memcmp(address, match->address, sizeof(address)) == 0;
}

bool scan_vector_write(const scan_vector *vector, const simdinet_match *matches, size_t count,
                       char out[SCAN_VECTOR_TEXT_SIZE]) {
    bool right = count <= SCAN_VECTOR_MATCHES;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && i < SCAN_VECTOR_MATCHES; i++) {
        const simdinet_match *match = &matches[i];
        bool inside = match->offset <= vector->len && match->length <= vector->len - match->offset;
        if (!inside || match->length >= SIMDINET_IPV6_TEXT_SIZE) {
            return false;
        }
        right = address_is_right(vector, match) && right;
        const unsigned known = SIMDINET_MATCH_VERSION | SIMDINET_MATCH_MAPPED;
        int written = snprintf(out + used, SCAN_VECTOR_TEXT_SIZE - used, "%s%zu:%.*s%s%s%s",
                               i > 0 ? " " : "", match->offset, (int)match->length,
                               vector->text + match->offset, match->flags & known ? "!" : "",
                               match->flags & SIMDINET_MATCH_VERSION ? "v" : "",
                               match->flags & SIMDINET_MATCH_MAPPED ? "m" : "");
        used += (size_t)written;
    }
    return right;
}
