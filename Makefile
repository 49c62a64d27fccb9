# passel: build, try, test, install. Every target installs what it lacks (apt, when root or with sudo).

PREFIX ?= /usr/local
DESTDIR ?=
RELEASE = .build-release
# Every shared library costs each start a part of a millisecond: one that can be linked in is.
ARCHIVES = $(CURDIR)/$(RELEASE)/archives
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath --scratch-path $(RELEASE) \
	-Xlinker -L$(ARCHIVES)
BUILD_RELEASE = mkdir -p '$(ARCHIVES)' && \
	archive=$$(clang -print-file-name=libstdc++.a) && \
	if [ -f "$$archive" ]; then ln -sf "$$archive" '$(ARCHIVES)/'; fi && \
	swift build $(RELEASE_FLAGS) --product passel && \
	swift build $(RELEASE_FLAGS) --product passel-backend
PROGRAM = $(RELEASE)/release/passel
BACKEND_PROGRAM = $(RELEASE)/release/passel-backend

BUILD_PACKAGES = pkg-config libgit2-dev libsodium-dev libqrencode-dev libgcrypt20-dev zlib1g-dev \
	libcurl4-openssl-dev
RUN_PACKAGES = gnupg git
DEMO_PACKAGES = pass tree python3 python3-venv gnome-keyring libsecret-1-0 dbus-daemon dbus-bin
TEST_PACKAGES = $(DEMO_PACKAGES) faketime gcc libc6-dev libsecret-tools pass-otp pass-extension-tail pass-git-helper \
	golang-docker-credential-helpers webext-browserpass oathtool curl qrencode xclip \
	wl-clipboard xvfb sway zsh fish bash-completion mandoc shellcheck strace openssh-client \
	python3 python3-venv util-linux procps openssh-server openssl direnv keepassxc zbar-tools
# Where kubectl came from elsewhere, Debian's package of it cannot be installed beside it.
TEST_PACKAGES += $(shell command -v kubectl >/dev/null || echo kubernetes-client)
BENCH_PACKAGES = $(DEMO_PACKAGES) hyperfine time python3 direnv

.PHONY: all build release demo test lint bench install clean toolchain

all: release

toolchain:
	@command -v swift >/dev/null || { \
		echo 'passel needs the Swift toolchain 6.2 or newer: see https://www.swift.org/install' >&2; exit 1; }

build: toolchain
	@Tests/Support/install-packages $(BUILD_PACKAGES)
	swift build

release: toolchain
	@Tests/Support/install-packages $(BUILD_PACKAGES)
	$(BUILD_RELEASE)

demo: toolchain
	@Tests/Support/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(DEMO_PACKAGES)
	@Tests/Support/install-clients
	$(BUILD_RELEASE)
	@Tests/Support/demo $(PROGRAM)

test: toolchain
	@Tests/Support/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
	@Tests/Support/install-clients
	$(BUILD_RELEASE)
	swift build --build-tests
	PASSEL_RELEASE_BINARY='$(CURDIR)/$(PROGRAM)' swift test --skip-build --disable-xctest
	Tests/Fuzz/run

lint: toolchain
	@Tests/Support/install-packages shellcheck mandoc
	swift format lint --strict -r Package.swift Sources Tests
	shellcheck completions/passel.bash Tests/Support/install-packages Tests/Support/install-clients \
		Tests/Support/demo Tests/Fuzz/run Benchmarks/run .ci/run
	mandoc -Tlint -W warning man/passel.1 man/passel-entry.5 man/passel-token.5 man/passel-export.5 man/passel-import.5 man/passel-backend.7 man/passel-sync.7 man/passel-team.7

bench: toolchain
	@Tests/Support/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(BENCH_PACKAGES)
	$(BUILD_RELEASE)
	Benchmarks/run $(PROGRAM)

install: release
	install -D -m 755 $(PROGRAM) '$(DESTDIR)$(PREFIX)/bin/passel'
	install -D -m 755 $(BACKEND_PROGRAM) '$(DESTDIR)$(PREFIX)/libexec/passel/passel-backend'
	install -D -m 644 man/passel.1 '$(DESTDIR)$(PREFIX)/share/man/man1/passel.1'
	install -D -m 644 man/passel-token.5 '$(DESTDIR)$(PREFIX)/share/man/man5/passel-token.5'
	install -D -m 644 man/passel-export.5 '$(DESTDIR)$(PREFIX)/share/man/man5/passel-export.5'
	install -D -m 644 man/passel-import.5 '$(DESTDIR)$(PREFIX)/share/man/man5/passel-import.5'
	install -D -m 644 man/passel-entry.5 '$(DESTDIR)$(PREFIX)/share/man/man5/passel-entry.5'
	install -D -m 644 man/passel-backend.7 '$(DESTDIR)$(PREFIX)/share/man/man7/passel-backend.7'
	install -D -m 644 man/passel-sync.7 '$(DESTDIR)$(PREFIX)/share/man/man7/passel-sync.7'
	install -D -m 644 man/passel-team.7 '$(DESTDIR)$(PREFIX)/share/man/man7/passel-team.7'
	install -D -m 644 completions/passel.bash \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/passel'
	ln -sf passel '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pass'
	install -D -m 644 completions/_passel '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_passel'
	install -D -m 644 completions/passel.fish \
		'$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/passel.fish'
	ln -sf passel.fish '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pass.fish'

clean:
	rm -rf .build $(RELEASE) .build-clients
