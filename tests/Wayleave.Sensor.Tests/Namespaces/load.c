// load RATE SECONDS: sends RATE packets a second that a packet socket of the node sees, in pairs: a SYN from this namespace to a port of
// 10.99.0.77, through eth0, and each with a new sequence. Prints how many were sent. Ports repeat after 1000.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#define BATCH 64

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static unsigned short checksum(const unsigned short *words, int count, unsigned int sum)
{
    while (count-- > 0) sum += *words++;
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

int main(int argc, char **argv)
{
    double rate = atof(argv[1]), seconds = atof(argv[2]), start = now();
    int s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    static unsigned char packets[BATCH][40];
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct mmsghdr messages[BATCH] = {0};
    struct iovec parts[BATCH];
    unsigned int sequence = 1;
    long sent = 0;
    (void)argc;
    inet_pton(AF_INET, "10.99.0.77", &to.sin_addr);
    for (int i = 0; i < BATCH; i++) {
        unsigned char *p = packets[i];
        p[0] = 0x45; p[3] = 40; p[8] = 64; p[9] = 6;
        inet_pton(AF_INET, "10.99.1.2", p + 12);
        memcpy(p + 16, &to.sin_addr, 4);
        p[32] = 0x50; p[33] = 0x02; p[34] = 0xff;
        parts[i] = (struct iovec){p, 40};
        messages[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    while (now() - start < seconds) {
        if (sent > (now() - start) * rate) { usleep(200); continue; }
        for (int i = 0; i < BATCH; i++, sequence++) {
            unsigned char *p = packets[i];
            unsigned int n = htonl(sequence * 2654435761u);
            unsigned short from = htons(20000 + sequence % 40000), port = htons(10000 + sequence % 1000);
            memcpy(p + 20, &from, 2);
            memcpy(p + 22, &port, 2);
            memcpy(p + 24, &n, 4);
            memset(p + 36, 0, 2);
            unsigned short sum = checksum((unsigned short *)(p + 12), 14, htons(6) + htons(20));
            memcpy(p + 36, &sum, 2);
        }
        int done = sendmmsg(s, messages, BATCH, 0);
        if (done > 0) sent += done;
    }
    printf("%ld", sent);
    return 0;
}
