/* Load on a disk: keeps DEPTH requests of BYTES open for SECONDS and says how many were answered.
 *
 *   load read|write|randread|randwrite DISK SECONDS [-b BYTES] [-d DEPTH] [-m MIB]
 *
 * O_DIRECT through Linux AIO. Sequential work goes round over the first MIB of the disk (default 32).
 * Prints "load WHAT ops=N bytes=N seconds=S errors=N". */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEPTH_MAX 64
static struct iocb blocks[DEPTH_MAX];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    uint64_t bytes = 4096, mib = 32, depth = 8, ops = 0, errors = 0, next = 0, seed = 88172645463325252u;
    int o;
    while ((o = getopt(argc, argv, "b:d:m:")) != -1) switch (o) {
        case 'b': bytes = strtoull(optarg, 0, 0); break;
        case 'd': depth = strtoull(optarg, 0, 0); break;
        case 'm': mib = strtoull(optarg, 0, 0); break;
        default: return 2;
    }
    if (argc - optind != 3 || depth < 1 || depth > DEPTH_MAX || bytes < 512 || bytes > mib << 20) {
        fprintf(stderr, "load read|write|randread|randwrite DISK SECONDS [-b BYTES] [-d DEPTH] [-m MIB]\n");
        return 2;
    }
    char *what = argv[optind];
    int writes = strstr(what, "write") != NULL, random = !strncmp(what, "rand", 4);
    int fd = open(argv[optind + 1], (writes ? O_RDWR : O_RDONLY) | O_DIRECT);
    if (fd < 0) { perror(argv[optind + 1]); return 2; }
    double begin, end, limit = atof(argv[optind + 2]);
    aio_context_t context = 0;
    if (syscall(SYS_io_setup, DEPTH_MAX, &context)) { perror("io_setup"); return 2; }
    uint64_t places = (mib << 20) / bytes, open_requests = 0;
    for (uint64_t i = 0; i < depth; i++) {
        uint8_t *buffer = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
        memset(buffer, (int)i + 1, bytes);
        blocks[i] = (struct iocb){.aio_fildes = fd, .aio_lio_opcode = writes ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
                                  .aio_buf = (uint64_t)(uintptr_t)buffer, .aio_nbytes = bytes, .aio_data = i};
    }
    struct iocb *ready[DEPTH_MAX];
    for (uint64_t i = 0; i < depth; i++) ready[i] = &blocks[i];
    uint64_t readies = depth;
    begin = now();
    do {
        for (uint64_t i = 0; i < readies; i++) {
            seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
            ready[i]->aio_offset = (random ? seed % places : next++ % places) * bytes;
        }
        if (readies && syscall(SYS_io_submit, context, readies, ready) != (long)readies) { perror("io_submit"); return 2; }
        open_requests += readies;
        struct io_event events[DEPTH_MAX];
        long n = syscall(SYS_io_getevents, context, 1, DEPTH_MAX, events, NULL);
        end = now();
        readies = 0;
        for (long i = 0; i < n; i++, open_requests--) {
            if (events[i].res == (int64_t)bytes) ops++; else errors++;
            if (end - begin < limit) ready[readies++] = &blocks[events[i].data];
        }
    } while (open_requests + readies);
    printf("load %s ops=%llu bytes=%llu seconds=%.3f errors=%llu\n", what, (unsigned long long)ops,
           (unsigned long long)(ops * bytes), end - begin, (unsigned long long)errors);
    return errors != 0;
}
