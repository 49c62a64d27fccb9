#pragma once
#include <git2.h>

// Swift does not import variadic functions.
int passel_git_enable_fsync(int enabled);
int passel_git_forget_system_configuration(void);
