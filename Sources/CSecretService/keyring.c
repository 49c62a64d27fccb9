#include "CSecretService.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is used of GLib and libsecret, as their stable interfaces have it: building passel does not
// need their headers.
typedef struct {
    uint32_t domain;
    int code;
    char *message;
} error;
typedef struct list {
    void *data;
    struct list *next, *previous;
} list;

enum { SEARCH_ALL = 1 << 1, SEARCH_UNLOCK = 1 << 2, SEARCH_LOAD_SECRETS = 1 << 3 };
enum { SERVICE_OPEN_SESSION = 1 << 1 };

#define FUNCTIONS(CALL) \
    CALL(void *, g_hash_table_new, (void *hash, void *equal)) \
    CALL(int, g_hash_table_insert, (void *table, void *key, void *value)) \
    CALL(void *, g_hash_table_lookup, (void *table, const void *key)) \
    CALL(void, g_hash_table_unref, (void *table)) \
    CALL(void, g_list_free, (list *list)) \
    CALL(void *, g_object_ref, (void *object)) \
    CALL(void, g_object_unref, (void *object)) \
    CALL(void, g_error_free, (error *error)) \
    CALL(unsigned, g_str_hash, (const void *text)) \
    CALL(int, g_str_equal, (const void *one, const void *other)) \
    CALL(void *, secret_service_get_sync, (int flags, void *cancellable, error **error)) \
    CALL(list *, secret_service_search_sync, \
         (void *service, const void *schema, void *attributes, int flags, void *cancellable, \
          error **error)) \
    CALL(int, secret_service_store_sync, \
         (void *service, const void *schema, void *attributes, const char *collection, \
          const char *label, void *value, void *cancellable, error **error)) \
    CALL(void *, secret_item_get_attributes, (void *item)) \
    CALL(uint64_t, secret_item_get_modified, (void *item)) \
    CALL(int, secret_item_get_locked, (void *item)) \
    CALL(void *, secret_item_get_secret, (void *item)) \
    CALL(int, secret_item_set_secret_sync, \
         (void *item, void *value, void *cancellable, error **error)) \
    CALL(int, secret_item_delete_sync, (void *item, void *cancellable, error **error)) \
    CALL(void *, secret_value_new, (const char *bytes, long count, const char *type)) \
    CALL(const char *, secret_value_get, (void *value, size_t *count)) \
    CALL(void, secret_value_unref, (void *value))

#define MEMBER(result, name, parameters) result(*name) parameters;
static struct {
    FUNCTIONS(MEMBER)
} call;

static int load(void) {
    // Its dependencies are found through it.
    void *library = dlopen("libsecret-1.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return -1;
#define FIND(result, name, parameters) \
    if (!(call.name = (result(*) parameters)dlsym(library, #name))) return -1;
    FUNCTIONS(FIND)
    return 0;
}

static int fail(struct passel_keyring_problem *problem, enum passel_keyring_failure failure,
                error *error) {
    problem->failure = failure;
    problem->message[0] = 0;
    if (!error) return -1;
    snprintf(problem->message, sizeof problem->message, "%s", error->message);
    // The words of D-Bus and of libsecret for these; both begin a message with the remote error's name.
    if (strstr(error->message, "IsLocked")) problem->failure = PASSEL_KEYRING_LOCKED;
    if (strstr(error->message, "org.freedesktop.secrets") ||
        strstr(error->message, "ServiceUnknown") || strstr(error->message, "D-Bus") ||
        strstr(error->message, "Could not connect"))
        problem->failure = PASSEL_KEYRING_NO_SERVICE;
    call.g_error_free(error);
    return -1;
}

void *passel_keyring_open(struct passel_keyring_problem *problem) {
    if (load()) {
        fail(problem, PASSEL_KEYRING_NO_LIBRARY, NULL);
        return NULL;
    }
    error *error = NULL;
    void *service = call.secret_service_get_sync(SERVICE_OPEN_SESSION, NULL, &error);
    if (!service) fail(problem, PASSEL_KEYRING_NO_SERVICE, error);
    return service;
}

static void *table(const char *const *attributes) {
    void *table = call.g_hash_table_new((void *)call.g_str_hash, (void *)call.g_str_equal);
    for (; attributes[0]; attributes += 2)
        call.g_hash_table_insert(table, (void *)attributes[0], (void *)attributes[1]);
    return table;
}

int passel_keyring_search(void *service, const char *const *attributes, int unlocks, void *context,
                          void (*found)(void *context, void *item),
                          struct passel_keyring_problem *problem) {
    error *error = NULL;
    void *wanted = table(attributes);
    const int flags = SEARCH_ALL | (unlocks ? SEARCH_UNLOCK | SEARCH_LOAD_SECRETS : 0);
    list *items = call.secret_service_search_sync(service, NULL, wanted, flags, NULL, &error);
    call.g_hash_table_unref(wanted);
    if (error) return fail(problem, PASSEL_KEYRING_OTHER, error);
    int locked = 0;
    for (list *here = items; here; here = here->next) {
        if (unlocks && call.secret_item_get_locked(here->data)) locked = 1;
        else found(context, here->data);
        call.g_object_unref(here->data);
    }
    call.g_list_free(items);
    return locked ? fail(problem, PASSEL_KEYRING_LOCKED, NULL) : 0;
}

char *passel_keyring_attribute(void *item, const char *name) {
    void *attributes = call.secret_item_get_attributes(item);
    const char *value = call.g_hash_table_lookup(attributes, name);
    char *copy = value ? strdup(value) : NULL;
    call.g_hash_table_unref(attributes);
    return copy;
}

uint64_t passel_keyring_modified(void *item) { return call.secret_item_get_modified(item); }

int passel_keyring_value(void *item, void *context,
                         void (*value)(void *context, const void *bytes, size_t count)) {
    void *secret = call.secret_item_get_secret(item);
    if (!secret) return -1;
    size_t count = 0;
    const char *bytes = call.secret_value_get(secret, &count);
    value(context, bytes, count);
    call.secret_value_unref(secret);
    return 0;
}

void *passel_keyring_keep(void *item) { return call.g_object_ref(item); }
void passel_keyring_release(void *item) { call.g_object_unref(item); }

static void *secret(const void *bytes, size_t count) {
    // Which type it says is only for programs that show it.
    return call.secret_value_new(count ? bytes : "", (long)count, "text/plain");
}

int passel_keyring_set(void *item, const void *bytes, size_t count,
                       struct passel_keyring_problem *problem) {
    error *error = NULL;
    void *value = secret(bytes, count);
    const int done = call.secret_item_set_secret_sync(item, value, NULL, &error);
    call.secret_value_unref(value);
    return done ? 0 : fail(problem, PASSEL_KEYRING_OTHER, error);
}

int passel_keyring_add(void *service, const char *const *attributes, const char *label,
                       const void *bytes, size_t count, struct passel_keyring_problem *problem) {
    error *error = NULL;
    void *value = secret(bytes, count);
    void *wanted = table(attributes);
    const int done =
        call.secret_service_store_sync(service, NULL, wanted, NULL, label, value, NULL, &error);
    call.g_hash_table_unref(wanted);
    call.secret_value_unref(value);
    return done ? 0 : fail(problem, PASSEL_KEYRING_OTHER, error);
}

int passel_keyring_remove(void *item, struct passel_keyring_problem *problem) {
    error *error = NULL;
    if (call.secret_item_delete_sync(item, NULL, &error)) return 0;
    return fail(problem, PASSEL_KEYRING_OTHER, error);
}
