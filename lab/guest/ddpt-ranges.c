/*
 * Puts right what ddpt 0.97 gets wrong, for LD_PRELOAD: the range descriptors of POPULATE TOKEN and WRITE USING TOKEN, which
 * it writes one byte too early (ddpt_xcopy.c, do_pop_tok and do_wut: n = 15 and 535 for 16 and 536). The rest of what it
 * sends stays as it is. LBAs below 2^56 only: the length has overwritten their first byte.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { THIRD_PARTY_COPY_OUT = 0x83, POPULATE_TOKEN = 0x10, WRITE_USING_TOKEN = 0x11 };

static void mend(sg_io_hdr_t *io) {
  const uint8_t *cdb = io->cmdp;
  uint8_t *list = io->dxferp;
  uint32_t first;
  if (io->cmd_len != 16 || cdb[0] != THIRD_PARTY_COPY_OUT) return;
  if ((cdb[1] & 0x1f) == POPULATE_TOKEN) first = 16;
  else if ((cdb[1] & 0x1f) == WRITE_USING_TOKEN) first = 536;
  else return;
  if (io->dxfer_len <= first) return;
  memmove(list + first, list + first - 1, io->dxfer_len - first);
  list[first] = 0;
}

int ioctl(int fd, unsigned long request, ...) {
  static int (*next)(int, unsigned long, void *);
  va_list more;
  void *argument;
  va_start(more, request);
  argument = va_arg(more, void *);
  va_end(more);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "ioctl");
  if (request == SG_IO && argument != NULL) mend(argument);
  return next(fd, request, argument);
}
