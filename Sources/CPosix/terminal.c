#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int passel_open_pty(int *master, int *slave) {
    char name[128];
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0) return -1;
    if (grantpt(*master) < 0 || unlockpt(*master) < 0 || ptsname_r(*master, name, sizeof name) != 0)
        goto fail;
    *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave < 0) goto fail;
    return 0;
fail:;
    int failure = errno;
    close(*master);
    errno = failure;
    return -1;
}

static struct termios saved;
static int saved_fd = -1;
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { ending_count = sizeof ending / sizeof *ending };
static struct sigaction previous[ending_count];

static void restore_and_die(int signal_number) {
    if (saved_fd >= 0) tcsetattr(saved_fd, TCSAFLUSH, &saved);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

int passel_terminal_echo(int fd, int on) {
    if (on) {
        if (saved_fd < 0) return 0;
        int result = tcsetattr(saved_fd, TCSADRAIN, &saved);
        saved_fd = -1;
        for (int i = 0; i < ending_count; i++) sigaction(ending[i], &previous[i], NULL);
        return result;
    }
    struct termios silent;
    if (tcgetattr(fd, &saved) < 0) return -1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = restore_and_die;
    action.sa_flags = SA_RESETHAND | SA_NODEFER;
    saved_fd = fd;
    for (int i = 0; i < ending_count; i++) sigaction(ending[i], &action, &previous[i]);
    silent = saved;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    return tcsetattr(fd, TCSADRAIN, &silent);
}
