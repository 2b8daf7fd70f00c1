/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "shared_library.h"

#ifdef SIMDINET_LOAD_LIBRARIES

#    include <dlfcn.h>
#    include <pthread.h>
#    include <stdio.h>
#    include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool load(shared_library *library) {
    void *handle = dlopen(library->soname, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < library->n && handle; i++) {
        void *address = dlsym(handle, library->symbols[i]);
        if (!address)
            return false;
        /* ISO C has no conversion from a pointer to data. */
        memcpy((char *)library->functions + i * sizeof address, &address, sizeof address);
    }
    return handle != NULL; /* it stays loaded */
}

bool shared_library_load(shared_library *library) {
    pthread_mutex_lock(&lock);
    if (library->state == LIBRARY_UNUSED) {
        library->state = !library->soname || load(library) ? LIBRARY_LOADED : LIBRARY_FAILED;
        if (library->state == LIBRARY_FAILED) {
            const char *reason = dlerror();
            snprintf(library->error, sizeof library->error, "cannot load %s",
                     reason ? reason : library->soname);
        }
    }
    const bool loaded = library->state == LIBRARY_LOADED;
    pthread_mutex_unlock(&lock);
    return loaded;
}

#else

bool shared_library_load(shared_library *library) {
    library->state = LIBRARY_LOADED;
    return true;
}

#endif
