/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fake_os.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

enum { KEPT_MOST = 1 << 20, THREADS_MOST = 3 };

/* A stream that is kept: what stdio and write(2) put there, in their order. */
typedef struct stream {
    printed is;
    FILE *file;
    FILE *real; /* what stood in its place */
} stream;

static stream out, errors;
static arrival now;
static int input_file = -1, standard_input = -1, list = -1;
static unsigned threads;

/* Up to where standard input, and the file that was opened last, were read. */
static size_t places[2];

/* The descriptor that is opened next: a later one tells that some were left open. */
static int lowest;

static const char networks[] = "10.0.0.0/8 # private\n192.0.2.0 - 192.0.2.127\n\n2001:db8::/32\n";

/* ---- what is printed ---------------------------------------------------------------------------- */

static void keep(printed *is, const char *from, size_t len) {
    size_t room = KEPT_MOST - is->kept, n = len < room ? len : room;
    if (n > 0)
        memcpy(is->text + is->kept, from, n);
    is->kept += n;
    is->size += len;
    for (size_t i = n; i < len; i++)
        is->sum = (is->sum ^ (uint8_t)from[i]) * 0x100000001b3u;
}

static ssize_t keep_stdio(void *context, const char *from, size_t len) {
    stream *to = context;
    keep(&to->is, from, len);
    return (ssize_t)len;
}

static void open_stream(stream *which) {
    which->is.text = malloc(KEPT_MOST);
    which->file = fopencookie(which, "w", (cookie_io_functions_t){.write = keep_stdio});
    if (!which->is.text || !which->file)
        fail(NULL, 0, "no memory for what the command prints");
}

/* The variables are ours to set: glibc says so. */
static void take_place(stream *which, FILE **of) {
    which->is.kept = which->is.size = 0;
    which->is.sum = 0;
    which->real = *of;
    *of = which->file;
}

static void leave_place(stream *which, FILE **of) {
    fflush(which->file);
    clearerr(which->file);
    *of = which->real;
}

/* ---- what is read ------------------------------------------------------------------------------- */

static void must(bool good, const char *what) {
    if (!good)
        fail(NULL, 0, "world: %s: %s", what, strerror(errno));
}

static void fill(int fd, const void *text, size_t size) {
    must(pwrite(fd, text, size, 0) == (ssize_t)size && ftruncate(fd, (off_t)size) == 0, "file");
}

static void set_up(void) {
    input_file = memfd_create("input", MFD_CLOEXEC);
    standard_input = memfd_create("standard input", MFD_CLOEXEC);
    list = memfd_create("list", MFD_CLOEXEC);
    must(input_file >= 0 && standard_input >= 0 && list >= 0, "memfd_create");
    fill(list, networks, sizeof networks - 1);
    open_stream(&out);
    open_stream(&errors);
}

static void set_standard_input(const void *text, size_t size) {
    int ends[2];
    if (!now.pipe) {
        fill(standard_input, text, size);
        must(lseek(standard_input, 0, SEEK_SET) == 0 && dup2(standard_input, STDIN_FILENO) == 0,
             "standard input");
        return;
    }
    if (size > FAKE_MAX_TEXT)
        fail(NULL, 0, "world: %zu bytes do not fit into a pipe", size);
    must(pipe(ends) == 0 && write(ends[1], text, size) == (ssize_t)size &&
             dup2(ends[0], STDIN_FILENO) == 0,
         "pipe");
    close(ends[0]);
    close(ends[1]);
}

static int lowest_descriptor(void) {
    int fd = dup(STDIN_FILENO);
    close(fd);
    return fd;
}

void fake_begin(const void *text, size_t size, const arrival *how) {
    if (input_file < 0)
        set_up();
    now = *how;
    fill(input_file, text, size);
    set_standard_input(text, size);
    lowest = lowest_descriptor();
    threads = 0;
    places[0] = 0;
    take_place(&out, &stdout);
    take_place(&errors, &stderr);
    optind = 0; /* begins anew, also within an argument */
}

void fake_end(printed *what, printed *what_errors) {
    leave_place(&out, &stdout);
    leave_place(&errors, &stderr);
    *what = out.is;
    *what_errors = errors.is;
    if (lowest_descriptor() != lowest)
        fail(NULL, 0, "world: a descriptor was left open");
}

/* ---- the system, as the command sees it --------------------------------------------------------- */

/* Another descriptor of the same file shares its place, and so begins where it begins. */
static int open_again(int fd) {
    must(lseek(fd, 0, SEEK_SET) == 0, "lseek");
    places[1] = 0;
    return dup(fd);
}

int fake_open(const char *name, int flags, ...) {
    (void)flags;
    if (strncmp(name, "input", 5) == 0)
        return open_again(input_file);
    if (strcmp(name, "list") == 0)
        return open_again(list);
    if (strcmp(name, "folder") == 0)
        return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    errno = ENOENT;
    return -1;
}

static size_t no_more_than(size_t len, size_t most) {
    return now.step > 0 && len > most ? most : len;
}

/* How many of room bytes can be read from a place on; false, with errno: none of them. */
static bool can_read(size_t place, size_t *room) {
    *room = no_more_than(*room, now.step);
    if (now.broken == 0 || *room == 0)
        return true;
    if (place >= now.broken) {
        errno = EIO;
        return false;
    }
    *room = *room < now.broken - place ? *room : now.broken - place;
    return true;
}

ssize_t fake_read(int fd, void *to, size_t room) {
    size_t *place = &places[fd != STDIN_FILENO];
    if (!can_read(*place, &room))
        return -1;
    ssize_t got = read(fd, to, room);
    *place += got > 0 ? (size_t)got : 0;
    return got;
}

ssize_t fake_pread(int fd, void *to, size_t room, off_t place) {
    return can_read((size_t)place, &room) ? pread(fd, to, room, place) : -1;
}

ssize_t fake_write(int fd, const void *from, size_t len) {
    if (fd != STDOUT_FILENO)
        fail(NULL, 0, "world: %zu bytes are written to descriptor %d", len, fd);
    len = no_more_than(len, 16 * now.step);
    keep(&out.is, from, len);
    return (ssize_t)len;
}

int fake_isatty(int fd) {
    return fd == STDOUT_FILENO && now.terminal;
}

char *fake_getenv(const char *name) {
    static char term[] = "xterm";
    return strcmp(name, "TERM") == 0 ? term : NULL;
}

int fake_getaffinity(pid_t process, size_t size, cpu_set_t *set) {
    (void)process;
    memset(set, 0, size);
    for (int i = 0; i < now.processors; i++)
        CPU_SET_S((size_t)i, size, set);
    return 0;
}

/* Only the first thread starts others. */
int fake_create_thread(pthread_t *thread, const pthread_attr_t *attributes,
                       void *start(void *context), void *context) {
    return threads++ < THREADS_MOST ? pthread_create(thread, attributes, start, context) : EAGAIN;
}

int fake_getentropy(void *to, size_t len) {
    memset(to, 0x5a, len);
    return 0;
}

int fake_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                     int64_t timeout_ms, struct addrinfo **res) {
    struct addrinfo numeric = *hints;
    (void)timeout_ms;
    numeric.ai_flags |= AI_NUMERICHOST;
    return simdinet_getaddrinfo(node, service, &numeric, res);
}

int fake_gethostbyaddr(const char *s, size_t len, simdinet_hostent **res, simdinet_error *error) {
    static const char odd[] = "\"\\\n\x01\x7f\xff.example";
    static const char *const aliases[] = {odd, "", NULL};
    uint8_t address[16];
    if (len != SIMDINET_ZSTR)
        fail(s, len, "world: gethostbyaddr of a text with a length");
    if (simdinet_parse_ipv4_z(s, address) != 1 && simdinet_parse_ipv6_z(s, address) != 1) {
        *error = (simdinet_error){.status = SIMDINET_E_HERR, .detail = HOST_NOT_FOUND};
        return SIMDINET_E_HERR;
    }
    simdinet_hostent *host = calloc(1, sizeof *host);
    must(host, "memory");
    *host = (simdinet_hostent){.name = "host.example", .naliases = 2, .aliases = aliases};
    *res = host;
    return SIMDINET_OK;
}
