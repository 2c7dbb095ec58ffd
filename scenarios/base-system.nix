# A base system from scratch: a compiler built from sources in stages, the base packages, a kernel, and some of the big ones
# that people add (LLVM, Rust, Node.js, QEMU, …): about 150 builds and 140 fetches. Needs no nixpkgs and no network.
# Versions, order and relative times are from the books Linux From Scratch (after 12.3) and Beyond Linux From Scratch (both of
# May 2025); what is assumed is marked, here and in the tables in base-system/. Each derivation says in its env attribute
# `drvfleet` what it would cost for real (fields of a drvfleet.graph/1 node); its builder imitates that in small on any host
# with a POSIX shell. Not modelled: figures are x86's for every system; a real build's logs, failures and memory are not imitated.
#
#   nix-instantiate base-system.nix -A world --argstr system riscv64-linux     one system (graphs as JSON: instantiate.sh)
#   nix-build base-system.nix -A all --arg scale 0.01 --argstr mode burn       three systems, one graph, shared fetches
{
  system ? builtins.currentSystem,
  # System that the fetches run on. One set of fetches serves all systems: their outputs are the same files everywhere.
  fetchSystem ? system,
  # Also run the test suites of glibc, binutils and gcc, as the book does.
  checks ? false,
  # SBU of the kernel at -j4; the book: 0.4 to 32 by configuration, typically 2.5. A distribution's kernel is near the top.
  kernelSBU ? 2.5,

  # What the builders do. None of these changes the output path of a fetch.
  shell ? "/bin/sh",
  path ? "/bin:/usr/bin",
  # "sleep" = wait as long as the build would take on the cores it was given; "burn" = use that CPU time on that many.
  mode ? "sleep",
  # Seconds imitated per core-second; 0 = none.
  scale ? 0.0005,
  # Bytes written per byte of real output.
  sizeScale ? 0.0001,
  # Loop turns that a reference core's shell does in a second, for "burn". Assumed (dash does about this); measure yours.
  spins ? 600000,
  # What a fetch waits for: its bytes over this, times scale. Assumed: 100 Mbit/s.
  fetchBytesPerSecond ? 12500000,
  # Any text: another one makes all builds (not the fetches) new.
  salt ? "",
}:
assert mode == "sleep" || mode == "burn";
let
  inherit (builtins) elemAt filter floor hashString head isString length listToAttrs split toJSON;

  # ── Figures ────────────────────────────────────────────────────────────────────────────────────────
  secondsPerSBU = 150; # of one core of speed 1: the first binutils, which is the books' unit

  # A book states wall time at -j; `work` is core-seconds. Amdahl: wall(j) = work × (serial + (1 − serial) ÷ min(j, maxCores)).
  coreSeconds = { sbu, jobs, class }:
    let cores = if jobs < class.maxCores then jobs else class.maxCores;
    in sbu * secondsPerSBU / (class.serial + (1 - class.serial) / cores);

  trivialClass = { maxCores = 1; serial = 1.0; memoryMB = 64; workload = "shell"; };
  trivialWork = 0.5; # core-seconds. Assumed
  fetchBytesPerCoreSecond = 200000000; # decrypting and hashing a download. Assumed

  rounded = x: floor (x * 1000 + 0.5) / 1000.0;
  microseconds = seconds: floor (seconds * scale * 1000000);
  words = text: filter (w: isString w && w != "") (split " +" text);

  # ── Builders ───────────────────────────────────────────────────────────────────────────────────────
  # Serial part on one core, then the rest on as many as Nix grants (NIX_BUILD_CORES; 0 = all) and the build can use.
  imitate = ''
    set -eu
    cores=''${NIX_BUILD_CORES:-1}
    [ "$cores" -gt 0 ] || cores=$(getconf _NPROCESSORS_ONLN)
    [ "$cores" -le "$maxCores" ] || cores=$maxCores
    rest() { sleep "$(($1 / 1000000)).$(printf %06d $(($1 % 1000000)))"; }
    spin() { i=0; n=$(($1 * spins / 1000000)); while [ "$i" -lt "$n" ]; do i=$((i + 1)); done; }
    each=$((parallelMicroseconds / cores))
    case $mode in
      sleep) rest $((serialMicroseconds + each)) ;;
      burn) spin "$serialMicroseconds"
        while [ "$cores" -gt 0 ]; do spin "$each" & cores=$((cores - 1)); done
        wait ;;
    esac
    mkdir "$out"
    head -c "$bytes" /dev/zero > "$out/contents"
    printf '%s\n' $buildInputs > "$out/references"
  '';

  build = { system, pname, version ? "", kind, class, work, outputBytes, sources ? [ ], runtime ? [ ], buildtime ? [ ] }:
    let
      name = if version == "" then pname else "${pname}-${version}";
      trivial = kind == "trivial" || kind == "wrapper";
      parallel = class.maxCores > 1;
    in derivation ({
      inherit name pname version system mode spins salt;
      builder = shell;
      args = [ "-c" imitate ];
      PATH = path;
      srcs = sources;
      buildInputs = runtime; # the output refers to these, so they are its closure
      nativeBuildInputs = buildtime;
      inherit (class) maxCores;
      serialMicroseconds = microseconds (work * class.serial);
      parallelMicroseconds = microseconds (work * (1 - class.serial));
      bytes = floor (outputBytes * sizeScale);
      drvfleet = toJSON ({
        inherit pname kind outputBytes;
        work = rounded work;
        inherit (class) workload maxCores serial;
        memoryBytes = class.memoryMB * 1000000;
      } // (if version == "" then { } else { inherit version; }));
    }
    // (if parallel then { enableParallelBuilding = true; } else { })
    // (if class.big or false then { requiredSystemFeatures = [ "big-parallel" ]; } else { })
    // (if trivial then { preferLocalBuild = true; allowSubstitutes = false; } else { }));

  # Content that follows from the name, so that its hash is known without a network, and is really checked by Nix.
  fetch = pname: version: kilobytes: type:
    let
      name = "${pname}-${version}.${type}";
      sourceBytes = kilobytes * 1000;
    in derivation {
      inherit name pname version;
      system = fetchSystem;
      builder = shell;
      args = [ "-c" ''
        set -eu
        sleep "$((microseconds / 1000000)).$(printf %06d $((microseconds % 1000000)))"
        printf '%s\n' "$name" > "$out"
      '' ];
      PATH = path;
      outputHashMode = "flat";
      outputHashAlgo = "sha256";
      outputHash = hashString "sha256" "${name}\n";
      preferLocalBuild = true; # as nixpkgs does for its fetchurl
      microseconds = microseconds (sourceBytes / (fetchBytesPerSecond * 1.0));
      drvfleet = toJSON {
        inherit pname version sourceBytes;
        kind = if type == "patch" then "patch" else "fetch";
        workload = "fetch";
        work = rounded (sourceBytes / (fetchBytesPerCoreSecond * 1.0));
        maxCores = 1;
        outputBytes = sourceBytes;
        memoryBytes = 64000000;
      };
    };

  # ── Sources: shared by all systems ─────────────────────────────────────────────────────────────────
  sources = listToAttrs (map (row: {
    name = elemAt row 0;
    value = fetch (elemAt row 0) (elemAt row 1) (elemAt row 2) (elemAt row 3);
  }) (import ./base-system/sources.nix));

  # ── The system, for one architecture ───────────────────────────────────────────────────────────────
  forSystem = system:
    let
      arch = head (split "-" system);
      tables = import ./base-system/builds.nix { inherit arch kernelSBU; };

      # A row of builds.nix, built in an environment (`within`) and linked against a C library.
      fromRow = { within, libc ? [ ] }: row:
        let
          pname = elemAt row 0;
          files = if elemAt row 1 == "" then [ pname ] else words (elemAt row 1);
          class = elemAt row 4;
          needs = split "[|]" (elemAt row 6);
        in build {
          inherit system pname class;
          version = sources.${head files}.version;
          kind = "build";
          work = coreSeconds { sbu = elemAt row 2; jobs = elemAt row 3; inherit class; };
          outputBytes = elemAt row 5 * 1000000;
          sources = map (f: sources.${f}) files;
          runtime = libc ++ map (n: packages.${n}) (words (head needs));
          buildtime = within ++ (if length needs == 1 then [ ] else map (n: packages.${n}) (words (elemAt needs 2)));
        };
      stage = environment: rows: map (fromRow environment) rows;

      # Nodes that compile nothing: a few lines of text, wrappers, trees of links.
      trivial = kind: pname: parts: build {
        inherit system pname kind;
        class = trivialClass;
        work = trivialWork;
        outputBytes = 100000; # assumed
        runtime = parts;
      };

      cross = stage { within = [ ]; } tables.cross;
      crossToolchain = trivial "wrapper" "cross-toolchain" cross;
      temporary = stage { within = [ crossToolchain ]; } tables.temporary;
      tmpRoot = trivial "trivial" "tmp-root" (temporary ++ cross);
      inside = stage { within = [ tmpRoot ]; } tables.inside;
      bootstrapTools = trivial "trivial" "bootstrap-tools" ([ tmpRoot ] ++ inside);
      libc = stage { within = [ bootstrapTools ]; } tables.libc;
      libcEnvironment = trivial "wrapper" "stdenv-glibc" [ packages.glibc bootstrapTools ];
      toolchain = stage { within = [ libcEnvironment ]; libc = [ packages.glibc ]; } tables.toolchain;
      stdenv = trivial "wrapper" "stdenv" (map (n: packages.${n}) [ "glibc" "binutils" "gcc" ] ++ [ bootstrapTools ]);
      final = { within = [ stdenv ]; libc = [ packages.glibc ]; };
      base = stage final tables.base;
      extra = stage final tables.extra;
      loader = stage final tables.loader;
      kernel = stage { within = [ stdenv ]; } tables.kernel;
      checked = if checks then stage final tables.checks else [ ];
      files = map (name: trivial "trivial" name [ ]) tables.files;

      initrd = build {
        inherit system;
        pname = "initrd";
        kind = "build";
        class = trivialClass;
        work = 15.0; # assumed, like its size: packs and compresses what is needed to mount the root
        outputBytes = 25000000;
        buildtime = map (n: packages.${n}) [ "linux" "linux-firmware" "systemd" "util-linux" "kmod" "bash" "e2fsprogs" ] ++ [ stdenv ];
      };
      boot = trivial "trivial" "boot" (kernel ++ loader ++ [ initrd packages.loader-config ]);
      etc = trivial "trivial" "etc" (filter (f: f.pname != "linux-config" && f.pname != "loader-config") files);
      systemPath = trivial "trivial" "system-path" (libc ++ toolchain ++ base ++ extra);
      world = trivial "trivial" "world" ([ systemPath etc boot ] ++ checked);

      packages = listToAttrs (map (value: { name = value.pname; inherit value; }) (
        cross ++ temporary ++ inside ++ libc ++ toolchain ++ base ++ extra ++ kernel ++ loader ++ checked ++ files
        ++ [ crossToolchain tmpRoot bootstrapTools libcEnvironment stdenv initrd boot etc systemPath world ]
      ));
    in packages;
in {
  inherit sources;
  packages = forSystem system;
  world = (forSystem system).world;
  all = map (s: (forSystem s).world) [ "x86_64-linux" "aarch64-linux" "riscv64-linux" ];
}
