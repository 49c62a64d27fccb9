// libgit2, loaded by the first call of one of its functions.
//
// Linked in the ordinary way it would cost every run 3 ms, also those that only show an entry: it
// brings 14 more libraries along. Each function used from Swift has one line here; one that is
// missing is a link error.
#define _GNU_SOURCE
#include "CGit2.h"

#include <dlfcn.h>
#include <git2/sys/alloc.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FILE_NAME "libgit2.so." LIBGIT2_SOVERSION

// Its own lock makes dlopen safe on any thread, and a second call only counts.
static void *symbol(const char *name) {
    void *library = dlopen(FILE_NAME, RTLD_NOW | RTLD_LOCAL);
    return library ? dlsym(library, name) : NULL;
}

// Called for what is only used after git_libgit2_init succeeded.
static void *needed(const char *name) {
    void *found = symbol(name);
    if (!found) abort();
    return found;
}

// Finding a function twice at the same time finds the same one.
#define CALL(type, name, parameters, arguments)                             \
    type name parameters {                                                  \
        static __typeof__(name) *found;                                     \
        __typeof__(name) *call = __atomic_load_n(&found, __ATOMIC_RELAXED); \
        if (!call) {                                                        \
            call = (__typeof__(name) *)needed(#name);                       \
            __atomic_store_n(&found, call, __ATOMIC_RELAXED);               \
        }                                                                   \
        return call arguments;                                              \
    }

// Up to 1.9, libgit2 writes the beginning of a damaged object, 64 bytes at most, behind the memory that
// it took for it where the object is longer than it says (its issue 7177). So every piece of memory
// is longer than what was asked for.
enum { ROOM = 64 };

// How much is taken for so much, 0 for what no number can say.
static size_t with_room(size_t count, size_t size) {
    size_t total;
    return __builtin_mul_overflow(count, size, &total) || __builtin_add_overflow(total, ROOM, &total)
        ? 0 : total;
}

static void *array(void *old, size_t count, size_t size) {
    const size_t total = with_room(count, size);
    return total ? realloc(old, total) : NULL;
}

static void *new_memory(size_t size, const char *file, int line) { return array(NULL, 1, size); }

static void *new_zeros(size_t count, size_t size, const char *file, int line) {
    const size_t total = with_room(count, size);
    return total ? calloc(1, total) : NULL;
}

static char *copy_of(const char *text, size_t length, const char *file, int line) {
    char *copy = array(NULL, 1, length + 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

static char *copy(const char *text, const char *file, int line) {
    return copy_of(text, strlen(text), file, line);
}

static char *copy_at_most(const char *text, size_t length, const char *file, int line) {
    return copy_of(text, strnlen(text, length), file, line);
}

static void *longer(void *old, size_t size, const char *file, int line) {
    return array(old, 1, size);
}

static void *longer_array(void *old, size_t count, size_t size, const char *file, int line) {
    return array(old, count, size);
}

static void *new_array(size_t count, size_t size, const char *file, int line) {
    return array(NULL, count, size);
}

// Later versions ask for three of these functions only.
#define ALL (sizeof(git_allocator) == 9 * sizeof(void *))
_Static_assert(ALL || sizeof(git_allocator) == 3 * sizeof(void *), "an allocator of another kind");

static void take_more_memory(void) {
    void *all[] = {
        new_memory, new_zeros, copy, copy_at_most, copy_of, longer, longer_array, new_array, free,
    };
    void *few[] = {new_memory, longer, free};
    git_allocator allocator;
    memcpy(&allocator, ALL ? all : few, sizeof allocator);
    int (*options)(int, ...) = (int (*)(int, ...))symbol("git_libgit2_opts");
    if (options) options(GIT_OPT_SET_ALLOCATOR, &allocator);
}

int git_libgit2_init(void) {
    int (*call)(void) = (int (*)(void))symbol("git_libgit2_init");
    if (!call) return GIT_ERROR;
    // Before anything is taken.
    take_more_memory();
    return call();
}

int git_libgit2_version(int *major, int *minor, int *revision) {
    int (*call)(int *, int *, int *) =
        (int (*)(int *, int *, int *))symbol("git_libgit2_version");
    return call ? call(major, minor, revision) : GIT_ERROR;
}

const git_error *git_error_last(void) {
    static const git_error missing = {(char *)FILE_NAME " cannot be loaded", GIT_ERROR_OS};
    const git_error *(*call)(void) = (const git_error *(*)(void))symbol("git_error_last");
    return call ? call() : &missing;
}

// libgit2 would read all certificate authorities as it starts, 4 ms of every change, for a network
// that passel leaves to the user's own git. Takes the place of mbedtls's function, because the
// program's symbols are found first; libgit2 goes on without certificates and trusts no server.
// Where there is no git, they are read before the first server is spoken to.
static int reads_authorities;

int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    if (!__atomic_load_n(&reads_authorities, __ATOMIC_RELAXED)) return -1;
    // Searched in libgit2 and what it brought along, not in the program.
    int (*real)(void *, const char *) =
        (int (*)(void *, const char *))symbol("mbedtls_x509_crt_parse_file");
    return real ? real(chain, path) : -1;
}

// libgit2 also starts libssh2 as it starts, and that libcrypto: half a millisecond for servers that
// are the business of the user's own git. libssh2 starts itself again when a session is made.
int libssh2_init(int flags);
int libssh2_init(int flags) {
    static int calls;
    if (__atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) == 0) return 0;
    int (*real)(int) = (int (*)(int))symbol("libssh2_init");
    return real ? real(flags) : -1;
}

// Up to 1.9, libgit2 unpacks the rest of an object that is longer than its header says to wherever
// that leads (the room that is left is counted below zero), and asks for ever for more of one whose
// stream does not end. Takes the place of zlib's function, as above: no object of ours is unpacked
// to 2 GB at once, and nobody who means well asks so often for what does not come.
enum { PATIENCE = 64 };

int inflate(z_streamp stream, int flush) {
    static int (*found)(z_streamp, int);
    // How often in a row this stream got nowhere.
    static _Thread_local const z_stream *idle;
    static _Thread_local int count;
    int (*real)(z_streamp, int) = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (!real) {
        real = (int (*)(z_streamp, int))needed("inflate");
        __atomic_store_n(&found, real, __ATOMIC_RELAXED);
    }
    if (stream->avail_out >= INT_MAX) return Z_DATA_ERROR;
    const Bytef *input = stream->next_in, *output = stream->next_out;
    const int result = real(stream, flush);
    const int waits =
        result == Z_BUF_ERROR && input == stream->next_in && output == stream->next_out;
    count = waits && idle == stream ? count + 1 : 0;
    idle = stream;
    return count < PATIENCE ? result : Z_DATA_ERROR;
}

static int (*options(void))(int, ...) { return (int (*)(int, ...))needed("git_libgit2_opts"); }

int passel_git_enable_fsync(int enabled) {
    return options()(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

int passel_git_forget_system_configuration(void) {
    return options()(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
}

int passel_git_trust_authorities(const char *file) {
    __atomic_store_n(&reads_authorities, 1, __ATOMIC_RELAXED);
    return options()(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

int passel_git_limit_objects(size_t count) {
    return options()(GIT_OPT_SET_PACK_MAX_OBJECTS, count);
}

CALL(int, git_blob_create_from_buffer,
    (git_oid *id, git_repository *repo, const void *buffer, size_t len),
    (id, repo, buffer, len))
CALL(void, git_buf_dispose, (git_buf *buffer), (buffer))
CALL(int, git_commit_create_buffer,
    (git_buf *out, git_repository *repo, const git_signature *author, const git_signature
     *committer, const char *message_encoding, const char *message, const git_tree *tree, size_t
     parent_count, const git_commit *parents[]),
    (out, repo, author, committer, message_encoding, message, tree, parent_count, parents))
CALL(int, git_commit_create_with_signature,
    (git_oid *out, git_repository *repo, const char *commit_content, const char *signature,
     const char *signature_field),
    (out, repo, commit_content, signature, signature_field))
CALL(const char *, git_commit_summary, (git_commit *commit), (commit))
CALL(const git_oid *, git_commit_tree_id, (const git_commit *commit), (commit))
CALL(int, git_config_delete_entry, (git_config *cfg, const char *name), (cfg, name))
CALL(void, git_config_free, (git_config *cfg), (cfg))
CALL(int, git_config_get_bool,
    (int *out, const git_config *cfg, const char *name),
    (out, cfg, name))
CALL(int, git_config_get_string,
    (const char **out, const git_config *cfg, const char *name),
    (out, cfg, name))
CALL(void, git_config_iterator_free, (git_config_iterator *iter), (iter))
CALL(int, git_config_iterator_new,
    (git_config_iterator **out, const git_config *cfg),
    (out, cfg))
CALL(int, git_config_next,
    (git_config_entry **entry, git_config_iterator *iter),
    (entry, iter))
CALL(int, git_config_open_level,
    (git_config **out, const git_config *parent, git_config_level_t level),
    (out, parent, level))
CALL(int, git_config_open_ondisk, (git_config **out, const char *path), (out, path))
CALL(int, git_config_set_string,
    (git_config *cfg, const char *name, const char *value),
    (cfg, name, value))
CALL(int, git_config_snapshot, (git_config **out, git_config *config), (out, config))
CALL(int, git_credential_ssh_key_from_agent,
    (git_credential **out, const char *username),
    (out, username))
CALL(int, git_credential_username_new,
    (git_credential **out, const char *username),
    (out, username))
CALL(int, git_credential_userpass_plaintext_new,
    (git_credential **out, const char *username, const char *password),
    (out, username, password))
CALL(int, git_diff_find_similar,
    (git_diff *diff, const git_diff_find_options *options),
    (diff, options))
CALL(void, git_diff_free, (git_diff *diff), (diff))
CALL(const git_diff_delta *, git_diff_get_delta, (const git_diff *diff, size_t idx), (diff, idx))
CALL(int, git_diff_get_stats, (git_diff_stats **out, git_diff *diff), (out, diff))
CALL(size_t, git_diff_num_deltas, (const git_diff *diff), (diff))
CALL(int, git_diff_options_init, (git_diff_options *opts, unsigned int version), (opts, version))
CALL(void, git_diff_stats_free, (git_diff_stats *stats), (stats))
CALL(int, git_diff_stats_to_buf,
    (git_buf *out, const git_diff_stats *stats, git_diff_stats_format_t format, size_t width),
    (out, stats, format, width))
CALL(int, git_diff_tree_to_tree,
    (git_diff **diff, git_repository *repo, git_tree *old_tree, git_tree *new_tree, const
     git_diff_options *opts),
    (diff, repo, old_tree, new_tree, opts))
CALL(int, git_fetch_options_init,
    (git_fetch_options *opts, unsigned int version),
    (opts, version))
CALL(int, git_ignore_path_is_ignored,
    (int *ignored, git_repository *repo, const char *path),
    (ignored, repo, path))
CALL(int, git_index_add,
    (git_index *index, const git_index_entry *source_entry),
    (index, source_entry))
CALL(int, git_index_conflict_remove, (git_index *index, const char *path), (index, path))
CALL(void, git_index_free, (git_index *index), (index))
CALL(int, git_index_open, (git_index **out, const char *index_path), (out, index_path))
CALL(int, git_index_read, (git_index *index, int force), (index, force))
CALL(int, git_index_read_tree, (git_index *index, const git_tree *tree), (index, tree))
CALL(int, git_index_remove_bypath, (git_index *index, const char *path), (index, path))
CALL(int, git_index_write, (git_index *index), (index))
CALL(void, git_object_free, (git_object *object), (object))
CALL(const git_oid *, git_object_id, (const git_object *obj), (obj))
CALL(int, git_object_lookup,
    (git_object **object, git_repository *repo, const git_oid *id, git_object_t type),
    (object, repo, id, type))
CALL(int, git_object_short_id, (git_buf *out, const git_object *obj), (out, obj))
CALL(void, git_odb_free, (git_odb *db), (db))
CALL(int, git_odb_hash,
    (git_oid *out, const void *data, size_t len, git_object_t type),
    (out, data, len, type))
CALL(const void *, git_odb_object_data, (git_odb_object *object), (object))
CALL(void, git_odb_object_free, (git_odb_object *object), (object))
CALL(size_t, git_odb_object_size, (git_odb_object *object), (object))
CALL(git_object_t, git_odb_object_type, (git_odb_object *object), (object))
CALL(int, git_odb_read, (git_odb_object **obj, git_odb *db, const git_oid *id), (obj, db, id))
CALL(int, git_odb_read_header,
    (size_t *len_out, git_object_t *type_out, git_odb *db, const git_oid *id),
    (len_out, type_out, db, id))
CALL(int, git_push_options_init,
    (git_push_options *opts, unsigned int version),
    (opts, version))
CALL(int, git_reference_create,
    (git_reference **out, git_repository *repo, const char *name, const git_oid *id, int force,
     const char *log_message),
    (out, repo, name, id, force, log_message))
CALL(int, git_reference_create_matching,
    (git_reference **out, git_repository *repo, const char *name, const git_oid *id, int force,
     const git_oid *current_id, const char *log_message),
    (out, repo, name, id, force, current_id, log_message))
CALL(int, git_reference_delete, (git_reference *ref), (ref))
CALL(void, git_reference_free, (git_reference *ref), (ref))
CALL(void, git_reference_iterator_free, (git_reference_iterator *iter), (iter))
CALL(int, git_reference_iterator_new,
    (git_reference_iterator **out, git_repository *repo),
    (out, repo))
CALL(int, git_reference_lookup,
    (git_reference **out, git_repository *repo, const char *name),
    (out, repo, name))
CALL(int, git_reference_name_to_id,
    (git_oid *out, git_repository *repo, const char *name),
    (out, repo, name))
CALL(int, git_reference_next_name, (const char **out, git_reference_iterator *iter), (out, iter))
CALL(int, git_reference_symbolic_create,
    (git_reference **out, git_repository *repo, const char *name, const char *target, int force,
     const char *log_message),
    (out, repo, name, target, force, log_message))
CALL(const char *, git_reference_symbolic_target, (const git_reference *ref), (ref))
CALL(const git_oid *, git_reference_target, (const git_reference *ref), (ref))
CALL(int, git_remote_connect_ext,
    (git_remote *remote, git_direction direction, const git_remote_connect_options *opts),
    (remote, direction, opts))
CALL(int, git_remote_connect_options_init,
    (git_remote_connect_options *opts, unsigned int version),
    (opts, version))
CALL(int, git_remote_create,
    (git_remote **out, git_repository *repo, const char *name, const char *url),
    (out, repo, name, url))
CALL(int, git_remote_create_anonymous,
    (git_remote **out, git_repository *repo, const char *url),
    (out, repo, url))
CALL(int, git_remote_delete, (git_repository *repo, const char *name), (repo, name))
CALL(int, git_remote_disconnect, (git_remote *remote), (remote))
CALL(int, git_remote_download,
    (git_remote *remote, const git_strarray *refspecs, const git_fetch_options *opts),
    (remote, refspecs, opts))
CALL(void, git_remote_free, (git_remote *remote), (remote))
CALL(int, git_remote_ls,
    (const git_remote_head ***out, size_t *size, git_remote *remote),
    (out, size, remote))
CALL(int, git_remote_name_is_valid, (int *valid, const char *remote_name), (valid, remote_name))
CALL(int, git_remote_upload,
    (git_remote *remote, const git_strarray *refspecs, const git_push_options *opts),
    (remote, refspecs, opts))
CALL(const char *, git_remote_url, (const git_remote *remote), (remote))
CALL(size_t, git_reflog_entrycount, (git_reflog *reflog), (reflog))
CALL(const git_reflog_entry *, git_reflog_entry_byindex,
    (const git_reflog *reflog, size_t idx),
    (reflog, idx))
CALL(const git_oid *, git_reflog_entry_id_new, (const git_reflog_entry *entry), (entry))
CALL(const char *, git_reflog_entry_message, (const git_reflog_entry *entry), (entry))
CALL(void, git_reflog_free, (git_reflog *reflog), (reflog))
CALL(int, git_reflog_read,
    (git_reflog **out, git_repository *repo, const char *name),
    (out, repo, name))
CALL(const char *, git_repository_commondir, (const git_repository *repo), (repo))
CALL(int, git_repository_config, (git_config **out, git_repository *repo), (out, repo))
CALL(int, git_repository_config_snapshot, (git_config **out, git_repository *repo), (out, repo))
CALL(void, git_repository_free, (git_repository *repo), (repo))
CALL(int, git_repository_hashfile,
    (git_oid *out, git_repository *repo, const char *path, git_object_t type, const char *as_path),
    (out, repo, path, type, as_path))
CALL(int, git_repository_head_detached, (git_repository *repo), (repo))
CALL(int, git_repository_index, (git_index **out, git_repository *repo), (out, repo))
CALL(int, git_repository_init_ext,
    (git_repository **out, const char *repo_path, git_repository_init_options *opts),
    (out, repo_path, opts))
CALL(int, git_repository_init_options_init,
    (git_repository_init_options *opts, unsigned int version),
    (opts, version))
CALL(int, git_repository_is_bare, (const git_repository *repo), (repo))
CALL(int, git_repository_odb, (git_odb **out, git_repository *repo), (out, repo))
CALL(int, git_repository_open_ext,
    (git_repository **out, const char *path, unsigned int flags, const char *ceiling_dirs),
    (out, path, flags, ceiling_dirs))
CALL(const char *, git_repository_path, (const git_repository *repo), (repo))
CALL(int, git_repository_state_cleanup, (git_repository *repo), (repo))
CALL(int, git_revparse_single,
    (git_object **out, git_repository *repo, const char *spec),
    (out, repo, spec))
CALL(void, git_signature_free, (git_signature *sig), (sig))
CALL(int, git_signature_from_buffer, (git_signature **out, const char *buf), (out, buf))
CALL(int, git_signature_now,
    (git_signature **out, const char *name, const char *email),
    (out, name, email))
CALL(int, git_tree_entry_bypath,
    (git_tree_entry **out, const git_tree *root, const char *path),
    (out, root, path))
CALL(void, git_tree_entry_free, (git_tree_entry *entry), (entry))
CALL(const git_oid *, git_tree_entry_id, (const git_tree_entry *entry), (entry))
CALL(git_object_t, git_tree_entry_type, (const git_tree_entry *entry), (entry))
CALL(size_t, git_treebuilder_entrycount, (git_treebuilder *bld), (bld))
CALL(void, git_treebuilder_free, (git_treebuilder *bld), (bld))
CALL(const git_tree_entry *, git_treebuilder_get,
    (git_treebuilder *bld, const char *filename),
    (bld, filename))
CALL(int, git_treebuilder_insert,
    (const git_tree_entry **out, git_treebuilder *bld, const char *filename, const git_oid *id,
     git_filemode_t filemode),
    (out, bld, filename, id, filemode))
CALL(int, git_treebuilder_new,
    (git_treebuilder **out, git_repository *repo, const git_tree *source),
    (out, repo, source))
CALL(int, git_treebuilder_remove, (git_treebuilder *bld, const char *filename), (bld, filename))
CALL(int, git_treebuilder_write, (git_oid *id, git_treebuilder *bld), (id, bld))
