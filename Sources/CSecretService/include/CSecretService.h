#ifndef C_SECRET_SERVICE_H
#define C_SECRET_SERVICE_H

#include <stddef.h>
#include <stdint.h>

// libsecret, loaded when it is first needed: it brings GLib, which every backend would wait for.
// Values are in memory that libsecret keeps out of the swap, and go over the bus encrypted.

/// Why something did not go well.
enum passel_keyring_failure {
    PASSEL_KEYRING_NO_LIBRARY = 1,
    /// There is no session bus, or nobody on it who keeps secrets.
    PASSEL_KEYRING_NO_SERVICE,
    /// Nobody unlocked it.
    PASSEL_KEYRING_LOCKED,
    PASSEL_KEYRING_OTHER,
};

/// A failure; `message` is cut to what fits, and empty where nothing is told.
struct passel_keyring_problem {
    enum passel_keyring_failure failure;
    char message[256];
};

/// A connection to the Secret Service, never given back: it ends with the process. NULL with a
/// problem.
void *passel_keyring_open(struct passel_keyring_problem *problem);

/// Hands on every item that has these attributes, and perhaps others: names and values, by turns,
/// then NULL. With `unlocks` what is locked is unlocked first, which may ask the user, and values
/// are fetched. `found` may use the item until it returns. 0, or -1 with a problem.
int passel_keyring_search(void *service, const char *const *attributes, int unlocks, void *context,
                          void (*found)(void *context, void *item),
                          struct passel_keyring_problem *problem);

/// An attribute of an item, to be freed with free(3); NULL where it has none of that name.
char *passel_keyring_attribute(void *item, const char *name);

/// The second since the epoch when an item was changed.
uint64_t passel_keyring_modified(void *item);

/// Hands on an item's value; -1 where it was not fetched.
int passel_keyring_value(void *item, void *context,
                         void (*value)(void *context, const void *bytes, size_t count));

/// An item that outlives the search that found it; to be given to passel_keyring_release.
void *passel_keyring_keep(void *item);
void passel_keyring_release(void *item);

/// Gives an item another value. 0, or -1 with a problem.
int passel_keyring_set(void *item, const void *bytes, size_t count,
                       struct passel_keyring_problem *problem);

/// Makes an item in the default collection; one that has just these attributes gets the value. 0,
/// or -1 with a problem.
int passel_keyring_add(void *service, const char *const *attributes, const char *label,
                       const void *bytes, size_t count, struct passel_keyring_problem *problem);

/// Takes an item away. 0, or -1 with a problem.
int passel_keyring_remove(void *item, struct passel_keyring_problem *problem);

#endif
