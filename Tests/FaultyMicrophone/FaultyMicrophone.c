// A microphone for tests: a capture plugin of libasound that plays a file and fails on demand.
//
// Configured as `pcm.x { type serdtest folder "/some/folder" }`. Everything else is files in that folder, so that a
// test can change it while the microphone runs:
//
//   plugged      the device is there; without this file opening gives ENODEV and a running device is disconnected
//   format       what it offers, as "S16_LE,S32_LE 44100,48000 1,2": formats, rates, channels (default S16_LE 16000 1)
//   sound        raw frames in the format that was chosen; after them comes silence
//   loop         if it exists, the sound starts again instead
//   speed        how many times faster than real time (default 1; 0: as fast as it is read)
//   limit        if it exists, no more frames than it says come after a start, but for a period per second, lest the
//   device
//                seem dead: who hears them sets the pace
//   flat         while it exists, the samples are zeros
//   stalled      while it exists, no samples come
//   hung         while it exists, reading does not return, as with a driver that hangs
//   xrun         one overrun; the file is removed when it happens
//   suspended    while it exists, the device is asleep
//   error        an error number that reading and waiting give while it exists, as 5 for EIO
//   open-error   an error number that opening gives while it exists, as 16 for EBUSY
//   opens        written: grows by one byte with every attempt to open
//
// A reader that is late never loses sound here, whatever the load of the machine: overruns are only those asked for.
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  snd_pcm_ioplug_t io;
  char folder[PATH_MAX];
  int sound;  // -1: silence
  int timer;  // readable when a period is there
  double speed;
  uint64_t started;   // ns; moment of the first frame
  uint64_t delivered;  // frames since then
  uint64_t moved;  // ns; when frames were fetched last
  uint64_t boundary;
} microphone;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// --- the folder ---

static const char *in_folder(const microphone *m, const char *name, char path[PATH_MAX + 16]) {
  snprintf(path, PATH_MAX + 16, "%s/%s", m->folder, name);
  return path;
}

static bool exists(const microphone *m, const char *name) {
  char path[PATH_MAX + 16];
  return access(in_folder(m, name, path), F_OK) == 0;
}

static void read_text(const microphone *m, const char *name, char text[128]) {
  char path[PATH_MAX + 16];
  int file = open(in_folder(m, name, path), O_RDONLY | O_CLOEXEC);
  ssize_t count = file < 0 ? 0 : read(file, text, 127);
  text[count > 0 ? count : 0] = 0;
  if (file >= 0) close(file);
}

static double number(const microphone *m, const char *name, double otherwise) {
  char text[128];
  read_text(m, name, text);
  return *text ? atof(text) : otherwise;
}

static void count_opening(const microphone *m) {
  char path[PATH_MAX + 16];
  int file = open(in_folder(m, "opens", path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  if (write(file, ".", 1) != 1) {}
  close(file);
}

// --- time ---

static uint64_t time_of(const microphone *m, uint64_t frame) {
  if (m->speed <= 0) return m->started;
  return m->started + (uint64_t)((double)frame * 1e9 / (m->io.rate * m->speed));
}

// Frames that wait for the reader; never more than the buffer holds.
static uint64_t available(const microphone *m) {
  if (exists(m, "stalled")) return 0;
  double heard = (double)(now() - m->started) * 1e-9 * m->io.rate * m->speed;
  if (m->speed <= 0) heard = (double)(m->delivered + m->io.buffer_size);
  double limit = number(m, "limit", heard);
  if (limit < heard) heard = limit;
  if (limit < (double)(m->delivered + m->io.period_size) && now() - m->moved > 1000000000)
    heard = (double)(m->delivered + m->io.period_size);
  if (heard < (double)m->delivered) return 0;
  uint64_t waiting = (uint64_t)heard - m->delivered;
  return waiting < m->io.buffer_size ? waiting : m->io.buffer_size;
}

// Makes the timer readable from `time` on.
static void arm(microphone *m, uint64_t time) {
  struct itimerspec setting = {.it_value = {(time_t)(time / 1000000000), (long)(time % 1000000000)}};
  timerfd_settime(m->timer, TFD_TIMER_ABSTIME, &setting, NULL);
}

static void arm_for_next_period(microphone *m) { arm(m, time_of(m, m->delivered + m->io.period_size)); }

// --- faults ---

// 0, or the negative error number that is asked for. Sets the state that libasound derives its errors from.
static int fault(microphone *m) {
  char path[PATH_MAX + 16];
  if (!exists(m, "plugged")) {
    snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_DISCONNECTED);
    return -ENODEV;
  }
  if (exists(m, "suspended")) {
    snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_SUSPENDED);
    return -ESTRPIPE;
  }
  if (m->io.state == SND_PCM_STATE_RUNNING && unlink(in_folder(m, "xrun", path)) == 0) {
    snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_XRUN);
    return -EPIPE;
  }
  return -(int)number(m, "error", 0);
}

// --- callbacks of libasound ---

static int start(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  m->started = m->moved = now();
  m->delivered = 0;
  arm_for_next_period(m);
  return 0;
}

static int stop(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  struct itimerspec never = {0};
  timerfd_settime(m->timer, 0, &never, NULL);
  return 0;
}

static int prepare(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  m->delivered = 0;
  if (!exists(m, "plugged")) return -ENODEV;
  return exists(m, "suspended") ? -ESTRPIPE : 0;
}

static int resume(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  if (exists(m, "suspended")) return -EAGAIN;
  m->started = now() - (uint64_t)((double)m->delivered * 1e9 / (io->rate * (m->speed > 0 ? m->speed : 1)));
  snd_pcm_ioplug_set_state(io, SND_PCM_STATE_RUNNING);
  arm_for_next_period(m);
  return 0;
}

// The position up to which frames are there.
static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  if (io->state != SND_PCM_STATE_RUNNING) return (snd_pcm_sframes_t)(m->delivered % m->boundary);
  if (fault(m) == -EPIPE) return -EPIPE;
  return (snd_pcm_sframes_t)((m->delivered + available(m)) % m->boundary);
}

static snd_pcm_sframes_t transfer(
    snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  microphone *m = io->private_data;
  while (exists(m, "hung")) usleep(10000);
  int failure = fault(m);
  if (failure) return failure;
  size_t frame = (size_t)snd_pcm_format_physical_width(io->format) / 8 * io->channels;
  char *target = (char *)areas->addr + (areas->first + areas->step * offset) / 8;
  size_t wanted = size * frame, filled = 0;
  while (filled < wanted && m->sound >= 0) {
    ssize_t count = read(m->sound, target + filled, wanted - filled);
    if (count > 0) {
      filled += (size_t)count;
    } else if (!exists(m, "loop") || lseek(m->sound, 0, SEEK_CUR) == 0 || lseek(m->sound, 0, SEEK_SET) != 0) {
      break;  // the end, or an empty file
    }
  }
  memset(target + filled, 0, wanted - filled);
  if (exists(m, "flat")) memset(target, 0, wanted);
  m->delivered += size;
  m->moved = now();
  arm_for_next_period(m);
  return (snd_pcm_sframes_t)size;
}

static int poll_revents(snd_pcm_ioplug_t *io, struct pollfd *descriptors, unsigned int count, unsigned short *events) {
  microphone *m = io->private_data;
  (void)count;
  *events = 0;
  if (!(descriptors[0].revents & POLLIN)) return 0;
  if (fault(m)) {
    *events = POLLERR | POLLIN;
  } else if (available(m) >= io->period_size) {
    *events = POLLIN;
  } else {
    // A period later; but who waits because of `limit` shall not spin.
    double wait = (double)io->period_size * 1e9 / (io->rate * (m->speed > 1 ? m->speed : 1));
    arm(m, now() + (uint64_t)(wait > 1e6 ? wait : 1e6));
  }
  return 0;
}

static int set_software(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params) {
  microphone *m = io->private_data;
  snd_pcm_uframes_t boundary;
  int failure = snd_pcm_sw_params_get_boundary(params, &boundary);
  if (failure == 0) m->boundary = boundary;
  return failure;
}

static int close_microphone(snd_pcm_ioplug_t *io) {
  microphone *m = io->private_data;
  if (m->sound >= 0) close(m->sound);
  if (m->timer >= 0) close(m->timer);
  free(m);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start,
    .stop = stop,
    .prepare = prepare,
    .resume = resume,
    .pointer = pointer,
    .transfer = transfer,
    .poll_revents = poll_revents,
    .sw_params = set_software,
    .close = close_microphone,
};

// --- opening ---

// Numbers or format names between commas. Returns how many.
static unsigned int parse_list(char *text, bool are_formats, unsigned int values[16]) {
  unsigned int count = 0;
  char *rest = NULL;
  for (char *item = strtok_r(text, ",", &rest); item && count < 16; item = strtok_r(NULL, ",", &rest)) {
    values[count++] = are_formats ? (unsigned int)snd_pcm_format_value(item) : (unsigned int)atoi(item);
  }
  return count;
}

static int offer(microphone *m) {
  char text[128], formats[64] = "S16_LE", rates[64] = "16000", channels[64] = "1";
  read_text(m, "format", text);
  if (*text && sscanf(text, "%63s %63s %63s", formats, rates, channels) != 3) return -EINVAL;
  unsigned int access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED}, list[16];
  snd_pcm_ioplug_t *io = &m->io;
  int failure = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
  if (failure == 0)
    failure = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, parse_list(formats, true, list), list);
  if (failure == 0)
    failure = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_RATE, parse_list(rates, false, list), list);
  if (failure == 0)
    failure = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_CHANNELS, parse_list(channels, false, list), list);
  if (failure == 0) failure = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 18);
  if (failure == 0) failure = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 256, 1 << 20);
  if (failure == 0) failure = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
  return failure;
}

SND_PCM_PLUGIN_DEFINE_FUNC(serdtest) {
  (void)root;
  snd_config_t *entry;
  const char *folder;
  if (stream != SND_PCM_STREAM_CAPTURE || snd_config_search(conf, "folder", &entry) < 0) return -EINVAL;
  if (snd_config_get_string(entry, &folder) < 0 || strlen(folder) >= PATH_MAX) return -EINVAL;

  microphone *m = calloc(1, sizeof *m);
  if (!m) return -ENOMEM;
  strcpy(m->folder, folder);
  count_opening(m);
  int failure = -(int)number(m, "open-error", 0);
  if (failure == 0 && !exists(m, "plugged")) failure = -ENODEV;
  if (failure) {
    free(m);
    return failure;
  }
  char path[PATH_MAX + 16];
  m->sound = open(in_folder(m, "sound", path), O_RDONLY | O_CLOEXEC);
  m->speed = number(m, "speed", 1);
  m->boundary = LONG_MAX;
  m->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  m->io.version = SND_PCM_IOPLUG_VERSION;
  m->io.name = "microphone of serd's tests";
  m->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
  m->io.poll_fd = m->timer;
  m->io.poll_events = POLLIN;
  m->io.callback = &callbacks;
  m->io.private_data = m;
  failure = m->timer < 0 ? -errno : snd_pcm_ioplug_create(&m->io, name, stream, mode);
  if (failure) {
    close_microphone(&m->io);
    return failure;
  }
  failure = offer(m);
  if (failure) {
    snd_pcm_ioplug_delete(&m->io);
    return failure;
  }
  *pcmp = m->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(serdtest)
