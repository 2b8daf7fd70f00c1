/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A program outside the tree: both headers, both ways of an address, one name. */
#include <simdinet.h>
#include <simdinet_socket.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const char *text = "2001:DB8:0::1";
    uint8_t address[16];
    char line[SIMDINET_IPV6_TEXT_SIZE];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST}, *list;
    if (!simdinet_parse_ipv6(text, strlen(text), address) ||
        simdinet_getaddrinfo("192.0.2.1", "80", &hints, &list) != 0)
        return 1;
    simdinet_format_ipv6(address, line);
    printf("C %s %s %d\n", simdinet_version(), line, list->ai_family == AF_INET);
    simdinet_freeaddrinfo(list);
    return 0;
}
