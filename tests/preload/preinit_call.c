/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * preinit_call.c - calls inet_pton from .preinit_array, before the C library has set environ, and from main.
 */
#include <arpa/inet.h>

static int parse(void) {
    unsigned char address[4];
    return inet_pton(AF_INET, "192.0.2.1", address);
}

static int early;

static void call_early(void) {
    early = parse();
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = call_early;

int main(void) {
    return early == 1 && parse() == 1 ? 0 : 1;
}
