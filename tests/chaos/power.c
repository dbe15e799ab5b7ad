// Between a program and its files: tells the pipe $POWER_JOURNAL what it does to those below $POWER_FOLDER, before it is
// done. From that, `power.mjs` makes what a cut of the power may leave. Loaded with LD_PRELOAD, on Linux. A pipe, because
// no limit on files holds for it: chaos fills the disk, too.
//
// A note is a header, then the bytes that were there, then those that are written; integers as this machine has them.
// Not noted: memory that is mapped (SQLite's -shm is made again after a crash), copy_file_range, and names of files.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct note {
    // 'w': written, 't': cut or stretched to `offset`, 's': all before is on the disk, 'd': of the note before it only
    // `offset` bytes happened.
    uint64_t kind;
    uint64_t inode;
    uint64_t offset;
    uint64_t size_before;
    uint64_t old_length;
    uint64_t new_length;
};

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

// A note and what it is about are one step: in another order the journal would tell of another file.
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int journal = -1;

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    folder = getenv("POWER_FOLDER");
    const char *path = getenv("POWER_JOURNAL");
    if (folder && path) journal = open(path, O_WRONLY | O_CLOEXEC);
    // Nobody has to wait for the reader.
    if (journal >= 0) fcntl(journal, F_SETPIPE_SZ, 1 << 20);
}

static void tell(const void *bytes, uint64_t length) {
    for (const char *rest = bytes; length > 0;) {
        ssize_t done = real_write(journal, rest, length);
        if (done < 0) abort();
        rest += done;
        length -= (uint64_t)done;
    }
}

// Whether `fd` is a file that is watched; fills `seen`.
static int watched(int fd, struct stat *seen) {
    if (journal < 0 || fstat(fd, seen) != 0 || !S_ISREG(seen->st_mode)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    size_t prefix = strlen(folder);
    return strncmp(path, folder, prefix) == 0 && path[prefix] == '/';
}

static void note(int fd, const struct stat *seen, char kind, uint64_t offset, const struct iovec *parts, int count) {
    uint64_t size = (uint64_t)seen->st_size, end = offset;
    for (int i = 0; i < count; i++) end += parts[i].iov_len;
    // What is overwritten, or cut off.
    uint64_t old_end = kind == 't' ? size : end < size ? end : size;
    uint64_t old_length = kind != 's' && offset < old_end ? old_end - offset : 0;
    char *old = old_length > 0 ? malloc(old_length) : NULL;
    if (old) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        // The program's own descriptor may be for writing only.
        int again = open(link, O_RDONLY | O_CLOEXEC);
        ssize_t read = again < 0 ? -1 : pread(again, old, old_length, (off_t)offset);
        if (again >= 0) close(again);
        if (read != (ssize_t)old_length) abort();
    }
    struct note head = {(uint64_t)kind, (uint64_t)seen->st_ino, offset, size, old_length, end - offset};
    tell(&head, sizeof head);
    tell(old, old_length);
    for (int i = 0; i < count; i++) tell(parts[i].iov_base, parts[i].iov_len);
    free(old);
}

// Takes back what was noted and did not happen: `done` bytes of `length` did.
static void note_done(const struct stat *seen, ssize_t done, ssize_t length) {
    if (done == length) return;
    struct note head = {'d', (uint64_t)seen->st_ino, done < 0 ? 0 : (uint64_t)done, 0, 0, 0};
    tell(&head, sizeof head);
}

// The place that a plain write goes to.
static uint64_t place(int fd, const struct stat *seen) {
    return (uint64_t)(fcntl(fd, F_GETFL) & O_APPEND ? seen->st_size : lseek(fd, 0, SEEK_CUR));
}

// One write in whichever form: `REAL` does it to `fd`.
#define NOTED(PARTS, COUNT, AT, LENGTH, REAL)            \
    pthread_mutex_lock(&one_at_a_time);                  \
    fstat(fd, &seen);                                    \
    note(fd, &seen, 'w', AT, PARTS, COUNT);              \
    ssize_t done = REAL;                                 \
    int error = errno;                                   \
    note_done(&seen, done, (ssize_t)(LENGTH));           \
    pthread_mutex_unlock(&one_at_a_time);                \
    errno = error;                                       \
    return done

ssize_t write(int fd, const void *bytes, size_t length) {
    struct stat seen;
    if (!watched(fd, &seen)) return real_write(fd, bytes, length);
    struct iovec part = {(void *)bytes, length};
    NOTED(&part, 1, place(fd, &seen), length, real_write(fd, bytes, length));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    struct stat seen;
    if (!watched(fd, &seen)) return real_writev(fd, parts, count);
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    NOTED(parts, count, place(fd, &seen), length, real_writev(fd, parts, count));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    struct stat seen;
    if (!watched(fd, &seen)) return real_pwrite64(fd, bytes, length, at);
    struct iovec part = {(void *)bytes, length};
    NOTED(&part, 1, (uint64_t)at, length, real_pwrite64(fd, bytes, length, at));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

int ftruncate64(int fd, off64_t length) {
    struct stat seen;
    if (!watched(fd, &seen)) return real_ftruncate64(fd, length);
    pthread_mutex_lock(&one_at_a_time);
    fstat(fd, &seen);
    note(fd, &seen, 't', (uint64_t)length, NULL, 0);
    int done = real_ftruncate64(fd, length);
    int error = errno;
    note_done(&seen, done, 0);
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(int fd, int (*sync)(int)) {
    struct stat seen;
    if (!watched(fd, &seen)) return sync(fd);
    pthread_mutex_lock(&one_at_a_time);
    int done = sync(fd);
    int error = errno;
    if (done == 0) note(fd, &seen, 's', 0, NULL, 0);
    pthread_mutex_unlock(&one_at_a_time);
    errno = error;
    return done;
}

int fsync(int fd) { return synced(fd, real_fsync); }

int fdatasync(int fd) { return synced(fd, real_fdatasync); }
