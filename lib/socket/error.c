/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * error.c - simdinet_error and its messages, and text arguments and results.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int set_error(simdinet_error *error, int status, int detail, int sys_errno, size_t needed) {
    if (error)
        *error = (simdinet_error){
            .status = status, .detail = detail, .sys_errno = sys_errno, .needed = needed};
    return status;
}

int simdinet_fail(simdinet_error *error, int status) {
    return set_error(error, status, 0, 0, 0);
}

int simdinet_fail_memory(simdinet_error *error) {
    return set_error(error, SIMDINET_E_NOMEM, 0, ENOMEM, 0);
}

int simdinet_fail_errno(simdinet_error *error, int sys_errno) {
    return sys_errno == ENOMEM ? simdinet_fail_memory(error)
                               : set_error(error, SIMDINET_E_ERRNO, 0, sys_errno, 0);
}

int simdinet_fail_gai(simdinet_error *error, int code) {
    int sys_errno = code == EAI_SYSTEM ? errno : 0;
    return code == EAI_MEMORY || sys_errno == ENOMEM
               ? simdinet_fail_memory(error)
               : set_error(error, SIMDINET_E_GAI, code, sys_errno, 0);
}

int simdinet_fail_herr(simdinet_error *error, int code) {
    return set_error(error, SIMDINET_E_HERR, code, 0, 0);
}

int simdinet_fail_space(simdinet_error *error, size_t needed) {
    return set_error(error, SIMDINET_E_NOSPACE, 0, 0, needed);
}

int simdinet_errno_save(void) {
    int saved_errno = errno;
    errno = 0;
    return saved_errno;
}

int simdinet_errno_check(int saved_errno) {
    int current = errno;
    if (current == 0)
        errno = saved_errno;
    return current == ENOMEM || current == EMFILE || current == ENFILE || current == EIO ? current
                                                                                         : 0;
}

static const char *status_text(int status) {
    static const char *const texts[] = {
        [SIMDINET_OK] = "Success",
        [SIMDINET_E_RANGE] = "Number out of range",
        [SIMDINET_E_VALUE] = "Invalid value",
        [SIMDINET_E_NUL] = "NUL inside a text",
        [SIMDINET_E_NOTFOUND] = "Not found",
        [SIMDINET_E_AMBIGUOUS] = "Ambiguous: more than one address",
        [SIMDINET_E_SHAPE] = "IPv4 address with flowinfo or scope",
        [SIMDINET_E_NOSPACE] = "Buffer too small",
        [SIMDINET_E_NOMEM] = "Out of memory",
    };
    const char *text = NULL;
    if (status >= 0 && (size_t)status < sizeof texts / sizeof texts[0])
        text = texts[status];
    return text ? text : "Unknown status";
}

/* glibc's strerror_r returns the text; that of POSIX fills the buffer. */
static const char *errno_text(int code, char *buf, size_t size) {
#if defined(__GLIBC__)
    return strerror_r(code, buf, size);
#else
    return strerror_r(code, buf, size) == 0 ? buf : "Unknown error";
#endif
}

size_t simdinet_strerror(const simdinet_error *error, char *buf, size_t size) {
    char local[128];
    const char *text;
    if (error->status == SIMDINET_E_ERRNO ||
        (error->status == SIMDINET_E_GAI && error->detail == EAI_SYSTEM))
        text = errno_text(error->sys_errno, local, sizeof local);
    else if (error->status == SIMDINET_E_GAI)
        text = gai_strerror(error->detail);
    else if (error->status == SIMDINET_E_HERR)
        text = hstrerror(error->detail);
    else
        text = status_text(error->status);
    size_t len = strlen(text);
    if (size > 0) {
        size_t stored = len < size ? len : size - 1;
        memcpy(buf, text, stored);
        buf[stored] = '\0';
    }
    return len;
}

void simdinet_free(void *block) {
    free(block);
}

int simdinet_zstring_init(simdinet_zstring *text, const char *s, size_t len,
                          simdinet_error *error) {
    text->z = s;
    text->len = 0;
    text->heap = NULL;
    if (!s)
        return SIMDINET_OK;
    if (len == SIMDINET_ZSTR) {
        text->len = strlen(s);
        return SIMDINET_OK;
    }
    if (len > 0 && memchr(s, '\0', len))
        return simdinet_fail(error, SIMDINET_E_NUL);
    char *copy = text->local;
    if (len >= sizeof text->local) {
        copy = text->heap = malloc(len + 1);
        if (!copy)
            return simdinet_fail_memory(error);
    }
    memcpy(copy, s, len);
    copy[len] = '\0';
    text->z = copy;
    text->len = len;
    return SIMDINET_OK;
}

void simdinet_zstring_free(simdinet_zstring *text) {
    free(text->heap);
}

int simdinet_store_text(const char *s, size_t len, char *buf, size_t size, size_t *out_len,
                        simdinet_error *error) {
    if (len >= size)
        return simdinet_fail_space(error, len + 1);
    memcpy(buf, s, len);
    buf[len] = '\0';
    if (out_len)
        *out_len = len;
    return SIMDINET_OK;
}
