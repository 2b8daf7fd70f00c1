// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "options.h"

#include "report.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// The text after the prefix, or NULL if it does not begin with it.
const char *after(const char *text, const char *prefix) {
    const size_t len = strlen(prefix);
    return strncmp(text, prefix, len) == 0 ? text + len : nullptr;
}

[[noreturn]] void fail(const char *what, const char *why) {
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(2);
}

std::vector<const corpus *> load(const std::string &path) {
    std::vector<const corpus *> corpora;
    for (int family : {4, 6}) {
        const corpus *c = corpus_load(path.c_str(), family);
        if (!c && errno)
            fail(path.c_str(), strerror(errno));
        if (c && c->valid > 0)
            corpora.push_back(c);
    }
    if (corpora.empty())
        fail(path.c_str(), "no line is an address");
    return corpora;
}

std::vector<const corpus *> generate(bool quick) {
    std::vector<const corpus *> corpora;
    for (size_t kind = 0; kind < corpus_kinds(); kind++) {
        const corpus *c =
            corpus_create(kind, CORPUS_SEED, quick ? CORPUS_DISTINCT / 4 : CORPUS_DISTINCT);
        if (!c)
            fail("corpora", "out of memory");
        if (!quick || strcmp(c->name, "random") == 0 || strcmp(c->name, "realistic") == 0)
            corpora.push_back(c);
    }
    return corpora;
}

} // namespace

Options take_options(int &argc, char **argv) {
    Options options;
    int kept = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            options.quick = true;
        else if (const char *file = after(argv[i], "--corpus="))
            options.file = file;
        else if (const char *out = after(argv[i], "--out="))
            options.out = out;
        else if (const char *filter = after(argv[i], "--filter="))
            options.filter = filter;
        else
            argv[kept++] = argv[i];
    }
    argv[argc = kept] = nullptr;
    return options;
}

std::vector<const corpus *> make_corpora(const Options &options) {
    const std::vector<const corpus *> corpora =
        options.file.empty() ? generate(options.quick) : load(options.file);
    for (const corpus *c : corpora)
        report_corpus(c);
    return corpora;
}

const corpus *find_corpus(const std::vector<const corpus *> &corpora, int family,
                          const char *name) {
    const auto found = std::find_if(corpora.begin(), corpora.end(), [&](const corpus *c) {
        return c->family == family && strcmp(c->name, name) == 0;
    });
    return found == corpora.end() ? nullptr : *found;
}
