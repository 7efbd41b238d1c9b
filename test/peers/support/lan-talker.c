/* The guest's side of the numbered datagrams of src/net/lan-frame.ts (`guestDatagram`), in a Linux guest.
 *
 *   lan-talker ADDRESS MS
 *
 * Sends one to the discard port of ADDRESS every MS, and says on standard output, in order, "sent N" for each and
 * "got N" for each that has come. Ends by SIGTERM. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DISCARD_PORT 9
#define BYTES 21
#define MAGIC 0x534d6467u
enum { TO_GUEST, FROM_GUEST };

static void put32(unsigned char *at, uint32_t value) { value = htonl(value); memcpy(at, &value, 4); }
static uint32_t get32(const unsigned char *at) { uint32_t value; memcpy(&value, at, 4); return ntohl(value); }
static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int main(int argc, char **argv) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(DISCARD_PORT)}, peer = own;
    unsigned char stamp[BYTES] = {0}, heard[2048];
    uint64_t ms = argc == 3 ? strtoull(argv[2], 0, 10) : 0;
    uint32_t number = 0;
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (ms == 0 || inet_pton(AF_INET, argv[1], &peer.sin_addr) != 1) {
        fprintf(stderr, "lan-talker ADDRESS MS\n");
        return 2;
    }
    if (bind(s, (void *)&own, sizeof own)) { perror("bind"); return 1; }
    setvbuf(stdout, 0, _IOLBF, 0);
    put32(stamp, MAGIC);
    stamp[4] = FROM_GUEST;
    for (uint64_t next = now_ns();;) {
        uint64_t now = now_ns();
        if (now >= next) {
            put32(stamp + 9, ++number);
            put32(stamp + 13, now >> 32);
            put32(stamp + 17, now);
            if (sendto(s, stamp, BYTES, 0, (void *)&peer, sizeof peer) == BYTES) printf("sent %u\n", number);
            else number--;
            next = now + ms * 1000000;
            continue;
        }
        struct pollfd wait = {.fd = s, .events = POLLIN};
        if (poll(&wait, 1, (next - now) / 1000000 + 1) != 1) continue;
        if (recv(s, heard, sizeof heard, 0) >= BYTES && get32(heard) == MAGIC && heard[4] == TO_GUEST)
            printf("got %u\n", get32(heard + 9));
    }
}
