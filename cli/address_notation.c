/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "address_notation.h"

#include <string.h>

static void to_upper(char *from, const char *end) {
    for (; from < end; from++)
        if (*from >= 'a' && *from <= 'f')
            *from = (char)(*from - 'a' + 'A');
}

/* Of both families, an IPv6 number that could be an IPv4 address is longer than any of those. */
static size_t min_digits(const address_notation *form, const uint8_t *address, size_t size) {
    enum { MORE_THAN_IPV4 = 11 };
    static const uint8_t zeros[12];
    return form->families == 0 && size == 16 && memcmp(address, zeros, sizeof zeros) == 0
               ? MORE_THAN_IPV4
               : 0;
}

char *put_address_line(char *to, const address_notation *form, const uint8_t *address,
                       size_t size) {
    char *end = to;
    switch (form->notation) {
    case NOTATION_DECIMAL:
        end = put_decimal_address(to, address, size, min_digits(form, address, size));
        break;
    case NOTATION_CANONICAL:
        end = put_canonical_address(to, address, size);
        break;
    case NOTATION_EXPANDED:
        end = put_expanded_address(to, address, size);
        break;
    case NOTATION_ARPA:
        end = put_arpa_name(to, address, size);
        break;
    default:
        end = put_hex_address(to, address, size);
        break;
    }
    if (form->upper)
        to_upper(to, form->notation == NOTATION_ARPA ? (size == 4 ? to : end - strlen("ip6.arpa"))
                                                     : end);
    *end++ = '\n';
    return end;
}
