/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * run_cases.c - replays recorded calls: run_cases FILE.
 *
 * FILE has one JSON object a line: id, fn, args, result or error, level, needs. Cases of level "c"
 * are run; failures are printed, and the counts at the end. Cases that need fixed hosts, root or no
 * root run in namespaces of their own (tests/data/fixture/run.sh); where the kernel refuses these
 * they are skipped by name. Exit status: 0 when at least one case passed and none failed, 1
 * otherwise, 2 when FILE cannot be read.
 */
#include "cases.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where a case runs: in this process, or in a namespace. */
typedef enum { HERE, FIXTURE, ROOT, NONROOT, ENVIRONMENTS } environment;

static const char *const environment_names[ENVIRONMENTS] = {"none", "fixture", "root", "nonroot"};

typedef struct {
    unsigned passed;
    unsigned by_type; /* of those passed */
    unsigned failed;
    unsigned skipped;
} counts;

/* ---- comparison ------------------------------------------------------------------------------ */

/* json_equal, but an integer equals the same real number. */
static bool same_value(const json_t *a, const json_t *b) {
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (!json_is_array(a) || !json_is_array(b))
        return json_equal(a, b);
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++)
        if (!same_value(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

static simdinet_error expected_error(const char *function, const json_t *error) {
    static const struct {
        const char *type; /* NULL: any */
        const char *words;
        int status;
    } kinds[] = {
        {NULL, "null ", SIMDINET_E_NUL},
        {"OverflowError", "", SIMDINET_E_RANGE},
        {NULL, "illegal IP address", CASE_E_PARSE},
        {NULL, "wrong length", CASE_E_LENGTH},
        {NULL, "invalid length", CASE_E_LENGTH},
        {NULL, "address family", CASE_E_FAMILY},
        {NULL, "resolved to multiple", SIMDINET_E_AMBIGUOUS},
        {NULL, "must be 2 tuple", SIMDINET_E_SHAPE},
        {NULL, "not found", SIMDINET_E_NOTFOUND},
        {NULL, "no interface", SIMDINET_E_NOTFOUND},
        {NULL, "", SIMDINET_E_VALUE},
    };
    const char *type = json_string_value(json_object_get(error, "type"));
    const char *message = json_string_value(json_object_get(error, "message"));
    const json_t *number = json_object_get(error, "errno");
    int code = (int)json_integer_value(number);
    if (strcmp(type, "gaierror") == 0)
        return (simdinet_error){.status = SIMDINET_E_GAI, .detail = code};
    if (strcmp(type, "herror") == 0)
        return (simdinet_error){.status = SIMDINET_E_HERR, .detail = code};
    if (strcmp(function, "inet_pton") == 0 && code == EAFNOSUPPORT)
        return (simdinet_error){.status = CASE_E_FAMILY, .sys_errno = code};
    if (!json_is_null(number))
        return (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = code};
    size_t i = 0;
    while ((kinds[i].type && strcmp(kinds[i].type, type) != 0) || !strstr(message, kinds[i].words))
        i++;
    return (simdinet_error){.status = kinds[i].status};
}

static bool as_expected(const json_t *test, const case_outcome *outcome) {
    const json_t *error = json_object_get(test, "error");
    const simdinet_error *found = &outcome->error;
    if (!error)
        return found->status == SIMDINET_OK &&
               same_value(json_object_get(test, "result"), outcome->value);
    const char *function = json_string_value(json_object_get(test, "fn"));
    simdinet_error expected = expected_error(function, error);
    return found->status == expected.status && found->detail == expected.detail &&
           found->sys_errno == expected.sys_errno;
}

/* ---- one case -------------------------------------------------------------------------------- */

static void report_case(const char *result, const json_t *test, const char *why) {
    char *arguments = json_dumps(json_object_get(test, "args"), JSON_COMPACT | JSON_ENSURE_ASCII);
    printf("%s %lld %s%s%s\n", result, (long long)json_integer_value(json_object_get(test, "id")),
           json_string_value(json_object_get(test, "fn")), arguments ? arguments : "", why);
    free(arguments);
}

static void print_outcome(const json_t *test, const case_outcome *outcome) {
    const json_t *error = json_object_get(test, "error");
    char *expected =
        json_dumps(error ? error : json_object_get(test, "result"), JSON_COMPACT | JSON_ENCODE_ANY);
    char *found = outcome->value && outcome->error.status == SIMDINET_OK
                      ? json_dumps(outcome->value, JSON_COMPACT | JSON_ENCODE_ANY)
                      : NULL;
    char text[128];
    simdinet_strerror(&outcome->error, text, sizeof text);
    printf("  expected %s\n", expected);
    if (found)
        printf("  found    %s\n", found);
    else
        printf("  found    status %d, detail %d, errno %d: %s\n", outcome->error.status,
               outcome->error.detail, outcome->error.sys_errno, text);
    free(expected);
    free(found);
}

static const char *reason_to_skip(const json_t *test) {
    const char *needs = json_string_value(json_object_get(test, "needs"));
    char name[IF_NAMESIZE];
    if (strcmp(needs, "netbase") == 0 && access("/etc/services", R_OK) != 0)
        return ": no /etc/services here";
    if (strcmp(needs, "loopback") == 0 && !(if_indextoname(1, name) && strcmp(name, "lo") == 0))
        return ": the first interface is not lo";
    return NULL;
}

static void run_case(const json_t *test, counts *sum) {
    const char *skip = reason_to_skip(test);
    case_outcome outcome;
    if (skip) {
        report_case("skipped: case", test, skip);
        sum->skipped++;
        return;
    }
    if (!case_call(test, &outcome)) {
        report_case("FAIL", test, ": no such function");
        sum->failed++;
        return;
    }
    if (as_expected(test, &outcome)) {
        sum->passed++;
        sum->by_type += outcome.by_type;
    } else {
        report_case("FAIL", test, "");
        print_outcome(test, &outcome);
        sum->failed++;
    }
    json_decref(outcome.value);
}

/* ---- a file ---------------------------------------------------------------------------------- */

static environment environment_of(const json_t *test) {
    const char *needs = json_string_value(json_object_get(test, "needs"));
    for (environment where = FIXTURE; where < ENVIRONMENTS; where++)
        if (strcmp(needs, environment_names[where]) == 0)
            return where;
    return HERE;
}

/* All cases of level "c", those first that need a process without settings. */
static json_t *read_cases(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "run_cases: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    json_t *cases = json_array();
    char *line = NULL;
    size_t capacity = 0, number = 0;
    bool good = true;
    for (ssize_t len; (len = getline(&line, &capacity, file)) > 0;) {
        json_error_t error;
        number++;
        json_t *test = json_loadb(line, (size_t)len, JSON_ALLOW_NUL, &error);
        if (!test) {
            fprintf(stderr, "run_cases: %s, line %zu: %s\n", path, number, error.text);
            good = false;
            continue;
        }
        const char *level = json_string_value(json_object_get(test, "level"));
        if (strcmp(level, "c") != 0)
            json_decref(test);
        else if (strcmp(json_string_value(json_object_get(test, "fn")), "getdefaulttimeout") == 0)
            json_array_insert_new(cases, 0, test);
        else
            json_array_append_new(cases, test);
    }
    free(line);
    fclose(file);
    if (!good) {
        json_decref(cases);
        return NULL;
    }
    return cases;
}

static void run_here(const json_t *cases, environment where, counts *sum) {
    size_t i;
    json_t *test;
    json_array_foreach(cases, i, test) {
        if (environment_of(test) == where)
            run_case(test, sum);
    }
}

/* ---- namespaces ------------------------------------------------------------------------------ */

/* Drops the capability to set the host name. */
static bool drop_sys_admin(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    data[0].effective &= ~(1u << CAP_SYS_ADMIN);
    data[0].permitted &= ~(1u << CAP_SYS_ADMIN);
    return syscall(SYS_capset, &header, data) == 0;
}

/* Starts run.sh with a program and its arguments. -1, with errno: no process. */
static pid_t start_in_namespace(const char *const arguments[4], int channel) {
    fflush(stdout);
    pid_t child = fork();
    if (child != 0)
        return child;
    if (channel < 0 || dup2(channel, 3) == 3)
        execl(TEST_FIXTURE "/run.sh", "run.sh", arguments[0], arguments[1], arguments[2],
              arguments[3], (char *)NULL);
    _exit(127);
}

/* The status of waitpid; -1, with errno, when the process was not started. */
static int wait_for_end(pid_t child) {
    int status = -1;
    if (child > 0)
        waitpid(child, &status, 0);
    return status;
}

static void describe_end(int status, char *text, size_t size) {
    if (status < 0)
        snprintf(text, size, "cannot be started (%s)", strerror(errno));
    else if (WIFSIGNALED(status))
        snprintf(text, size, "is ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(text, size, "ends with exit status %d", WEXITSTATUS(status));
}

/*
 * The status of run.sh with a program that does nothing. A separate run, because the exit status of
 * a sanitizer is that of unshare for a refusal.
 */
static int try_namespaces(void) {
    static const char *const nothing[4] = {"true"};
    static int status = -1;
    if (status == -1)
        status = wait_for_end(start_in_namespace(nothing, -1));
    return status;
}

/* 1 comes from unshare, 90 and above from run.sh. */
static bool is_refusal(int status) {
    return WIFEXITED(status) &&
           (WEXITSTATUS(status) == 1 || (WEXITSTATUS(status) >= 90 && WEXITSTATUS(status) <= 94));
}

static void skip_environment(const json_t *cases, environment where, counts *sum) {
    size_t i;
    json_t *test;
    json_array_foreach(cases, i, test) {
        if (environment_of(test) == where) {
            report_case("skipped: case", test,
                        ": the kernel refuses the namespaces of the fixture");
            sum->skipped++;
        }
    }
}

static void fail_environment(environment where, const char *program, int status, counts *sum) {
    char end[128];
    describe_end(status, end, sizeof end);
    printf("FAIL %s: %s %s\n", environment_names[where], program, end);
    sum->failed++;
}

/* Runs this program for one namespace under run.sh, which returns its counts through descriptor
 * 3. */
static void run_in_namespace(const char *file, const json_t *cases, environment where,
                             counts *sum) {
    char self[4096];
    int channel[2], status = try_namespaces();
    counts inside = {0};
    if (status != 0) {
        if (is_refusal(status))
            skip_environment(cases, where, sum);
        else
            fail_environment(where, "run.sh true", status, sum);
        return;
    }
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0 || pipe(channel) != 0) {
        fail_environment(where, "run_cases", -1, sum);
        return;
    }
    self[length] = '\0';
    const char *const arguments[4] = {self, "--inside", environment_names[where], file};
    pid_t child = start_in_namespace(arguments, channel[1]);
    close(channel[1]);
    bool counted = read(channel[0], &inside, sizeof inside) == sizeof inside;
    close(channel[0]);
    status = wait_for_end(child);
    if (counted)
        *sum = inside;
    /* Leak checkers report at the exit, after the counts. */
    if (status != 0 || !counted)
        fail_environment(where, "run_cases --inside", status, sum);
}

static bool any_case(const json_t *cases, environment where) {
    size_t i;
    json_t *test;
    json_array_foreach(cases, i, test) {
        if (environment_of(test) == where)
            return true;
    }
    return false;
}

static int run_inside(const char *name, const char *file) {
    counts sum = {0};
    environment where = FIXTURE;
    while (where < ENVIRONMENTS - 1 && strcmp(name, environment_names[where]) != 0)
        where++;
    if (where == NONROOT && !drop_sys_admin())
        return 1;
    json_t *cases = read_cases(file);
    if (!cases)
        return 2;
    run_here(cases, where, &sum);
    json_decref(cases);
    fflush(stdout);
    return write(3, &sum, sizeof sum) == sizeof sum ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "--inside") == 0)
        return run_inside(argv[2], argv[3]);
    if (argc != 2) {
        fputs("usage: run_cases FILE\n", stderr);
        return 2;
    }
    json_t *cases = read_cases(argv[1]);
    if (!cases)
        return 2;
    counts total = {0};
    for (environment where = HERE; where < ENVIRONMENTS; where++) {
        counts sum = {0};
        if (!any_case(cases, where))
            continue;
        if (where == HERE)
            run_here(cases, where, &sum);
        else
            run_in_namespace(argv[1], cases, where, &sum);
        printf("%-8s %4u passed, %u failed, %u skipped\n",
               where == HERE ? "here" : environment_names[where], sum.passed, sum.failed,
               sum.skipped);
        total.passed += sum.passed;
        total.by_type += sum.by_type;
        total.failed += sum.failed;
        total.skipped += sum.skipped;
    }
    printf("total    %4u passed, %u failed, %u skipped; %u of the passed are refused before the "
           "call: its C type cannot represent the argument\n",
           total.passed, total.failed, total.skipped, total.by_type);
    json_decref(cases);
    if (total.passed == 0)
        printf("FAIL: no case passed\n");
    return total.failed > 0 || total.passed == 0;
}
