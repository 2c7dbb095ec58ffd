// Published build times of named packages, in core-seconds on a core of speed 1 (one LFS SBU = 150 s). Data only:
// figures and names; how a derivation finds its row is prior.ts, what a bare kind is worth is family.ts.
// A row is `name work sources [cv in %, - = none] [peak memory in MiB]`; names are normalised as in identity.ts.
//
// Sources, by letter; where several know a package, the geometric mean (b with a stated parallelism counts twice;
// "< 0.1 SBU" = 0.05 SBU and yields to any other source; linux = the upper end of its range, everything as modules):
//   l  LFS book, temporary tools (no tests)     lfs-book/lfs @6a04e242 (MIT): wall = SBU × 150 s on 4 cores; goes
//      before b but for gcc and python3, which Nix builds in full
//   b  BLFS book, without tests                 lfs-book/blfs @260d4c28 (MIT): the stated parallelism, else 1 core
//   t  the two books, figures that include tests: divided by 3.1 (LFS: geometric mean of final ÷ temporary, 24
//      packages) or 2.7 (BLFS: median of 90 rows that state both); used only where nothing better is known
//   g  Gentoo merges, median                    vincentdephily/emlop @1db72bbb (GPL-3 repository; figures only):
//      2.21 × (wall − 14 s), fitted on 51 packages of the books (log-sd 0.75); 14 s: a merge that builds nothing
//   p  Gentoo Prefix merges, fastest            ClusterHQ/gentoo @788ab0ef: 2.50 × wall, fitted on 28 (log-sd 0.73)
//   r  Buildroot                                shufayang @2fef9b28, Taiwei-Sun, WuliYongShun, Dean-Chu (GPL-2
//      repositories; figures only): wall × 1.47, 4.66, 0.73, 0.35, fitted on 5, 7, 7 and 25 shared packages
//   s  Spack CI, x86_64 medians ≥ 700 s         converged-computing/rainbow-experiments @ff0b3896 (MIT):
//      (wall − 446 s, its median Python package) × 3.81 for large and huge jobs, fitted on llvm and rust, × 1.85
//      for others, fitted on boost and fftw; the cv and the peak memory are Spack's own
//   a  nobody publishes it: assumed by us, for packages whose size is common knowledge
//   n  Nix, nix-output-monitor history          lrestj/endos @0d9f3024: wall as is; `nix:` = glue
// Wall on c cores → work: (wall − 6 s × (1 − 1/c)) ÷ (0.0266 + 0.9734/c): 6 s of configure on one core (Buildroot: a
// median of 4.5 and 5.6 s on its two fast machines) and the serial share of the Yocto fit 39771/cores + 1088 s
// (djboni/yocto-benchmark @6ff32eaf, MIT). Assumed: g, p, r and s do not record cores, so one factor a source stands
// for cores and speed. Sources disagree on one package by more (log-sd 0.75) than builds of it vary (cv 0.47).

/** Packages worth a line each: a minute of one core and more, or with figures of their own. */
export const LARGE = `
7zip 130 t
abiword 1300 b
abseil-cpp 94 b
adios2 630 s 35 2600
agg 180 b
aisleriot 75 b
akonadi 710 bg
akonadi-calendar 140 g
akonadi-contacts 245 g
akonadi-import-wizard 180 g
akonadi-search 160 g
akonadiconsole 200 g
akregator 330 g
alpine 150 b
amrex 2800 s 38 2100
anjuta 600 b
apache-httpd 150 b
appstream 260 b
ark 205 bg
arts 90 b
ascent 965 s 23 1700
asymptote 370 b
attica 79 bg
audacious 94 b
audacious-plugins 205 b
audiocd-kio 83 g
audiofile 90 b
autogen 105 b
aws-sdk-cpp 2000 a 100
baloo 200 bg
balsa 94 b
bash 94 l
bazel 3000 a 100
bind 67 t
bind-utils 150 b
binutils 205 l
bison 97 lr
blender 5000 a 100
bluez 88 t
bluez-qt 130 g
boost 700 bgs 29 2000
brasero 150 b
breeze 235 g
breeze-icons 91 bg
brotli 150 b
btrfs-progs 82 bg
busybox 70 r
cairo 115 bgr
calendarsupport 150 g
calligra 2850 g
cargo 985 b
cargoc 105 b
cbindgen 260 b
cdrtools 105 b
ceph 20000 a 100
chocolate-doom 71 r
chromium 64800 bg
clucene 120 b
clutter 130 t
cmake 1000 br - 2300
cogl 150 b
compiler-rt 300 a 100
cool-retro-term 69 g
coq 700 a 100
coreutils 150 l
curl 94 b
curlftpfs 90 b
dasher 150 b
dav1d 60 a 100
db 90 b
dbus 66 bg
dhcp 105 b
dia 220 g
directfb 235 r
dolphin 525 bg
dolphin-plugins 79 bg
dovecot 720 b
doxygen 315 t
dragon 105 g
drkonqi 98 g
dvisvgm 430 b
eel 75 b
elogind 80 g
emacs 265 bg
empathy 165 b
erlang 800 a 100
eventviews 125 g
evolution 430 b
evolution-data-server 260 b
exempi 205 b
exiv2 67 t
falkon 715 bg
fdk-aac 315 b
ffmpeg 630 bgr
fftw 865 bs 36
filelight 84 g
findutils 94 l
firefox 11100 bg
flatpak 100 a 100
fltk 94 b
fluxbox 135 b
fmt 67 t
folks 94 b
fontforge 205 b
fop 135 b
freecad 4000 a 100
freerdp 94 b
frei0r 75 b
gail 75 b
galeon 195 b
gavl 120 b
gcc 7650 bl
gdal 1000 g
gdb 765 br
gegl 370 b
geos 160 g
gettext 540 lr
ghc 3650 g
ghostscript 705 b
gimp 650 b
gimp-help 205 b
ginkgo 2500 s 35 7600
git 160 bg
glade 105 b
glib 370 b
glibc 1000 gl
glibmm 76 t
glslang 67 t
gnash 1650 b
gnome-applets 270 b
gnome-control-center 150 b
gnome-devel-docs 270 b
gnome-games 180 b
gnome-icon-theme 75 b
gnome-keyring 94 b
gnome-media 75 b
gnome-netstatus 75 b
gnome-panel 90 b
gnome-shell 90 b
gnome-user-docs 260 b
gnome-vfs 150 b
gnopernicus 105 b
gnucash 300 b
gnucash-docs 75 b
gnumeric 540 b
gnupg 71 bg
gnuradio 1500 a 100
gnutls 570 b
go 135 g
godot 6000 a 100
goffice 180 b
goffice010 88 t
gok 75 b
gparted 150 b
gpdf 75 b
gpgme 295 t
grantlee 205 b
grantlee-editor 165 g
graphviz 305 bg
gromacs 600 s 56 3000
gsl 190 t
gst-plugins-bad 300 b
gst-plugins-base 255 b
gst-plugins-good 180 b
gstreamer 180 b
gtk+ 540 b
gtk+3 430 b
gtk4 705 b
gtkhtml 75 b
gtkmm 130 t
gtkmm4 485 b
gtksourceviewmm 75 b
guile 2500 b
gwenview 365 bg
hal 75 b
haskell:vector 71 g
heimdal 585 b
highlight 150 b
highway 430 b
htop 120 p
ibus 260 b
icu4c 240 bg
imagemagick 485 b
incidenceeditor 220 g
inkscape 2200 bg
intel-gmmlib 90 b
intel-media 1750 b
isl 60 a 100
java-access-bridge 195 b
juffed 120 b
juk 205 g
julia 5000 a 100
k3b 765 bg
kactivities 84 bg
kactivitymanagerd 110 g
kaddressbook 140 g
kalarm 405 g
kalarmcal 63 g
kate 495 bg
kcachegrind 210 g
kcalutils 64 g
kconfig 92 bg
kcontacts 67 g
kcrash 105 g
kdav 61 g
kde-cli-tools 97 g
kdeartwork 75 b
kdeclarative 100 g
kdeconnect 315 g
kdelibs 1500 b
kdelibs4support 310 g
kdenlive 1100 bg
kdepim 2000 b
kdepim-addons 695 g
kdepim-apps-libs 145 g
kdepim-runtime 1150 bg
kdepimlibs 1250 b
kdeplasma-addons 425 bg
kdetoys 90 b
kdevelop 2500 b
kdsoap 150 b
kea 2250 b
keditbookmarks 100 g
kget 485 g
kgpg 275 g
khelpcenter 94 b
khotkeys 260 g
khtml 895 g
kicad 3000 a 100
kimageannotator 315 b
kimap 110 g
kinfocenter 160 g
kio 450 g
kio-extras 315 bg
kirigami-addons 205 b
kjs 61 g
kjsembed 89 g
kldap 65 g
kleopatra 590 g
kmail 610 g
kmail-account-wizard 155 g
kmailtransport 100 g
kmenuedit 80 g
kmix 175 bg
kmplot 130 g
knewstuff 85 g
knotes 270 g
kolourpaint 360 g
kompare 70 g
konqueror 525 g
konsole 265 bg
kontact 61 g
konversation 370 b
korganizer 355 g
kpeople 86 g
kpimtextedit 120 g
krdc 160 g
krfb 80 g
kross-interpreters 69 g
kscreen 130 g
kscreenlocker 120 g
kservice 72 g
ksh 225 b
ksysguard 155 g
ktexteditor 460 g
kubectl 210 g
kuserfeedback 94 b
kwalletmanager 110 g
kwave 600 bg
kwayland 190 bg
kwidgetsaddons 95 g
kwin 1400 g
kwindowsystem 90 bg
kxmlgui 95 g
layer-shell 150 b
lcms 75 b
ldb 67 g
lesstif 615 b
libadwaita 88 t
libaom 430 b
libbonobo 90 b
libbonoboui 135 b
libcdio 94 b
libcdr 62 g
libclc 570 b
libcxx 150 a 100
libdbusmenu-lxqt 94 b
libebook 69 g
libebur128 150 g
libfm-qt 205 b
libfreehand 64 g
libgda 570 b
libgdata 75 b
libgit2 60 a 100
libgnomeprint 90 b
libgnomeui 105 b
libgstgtk4 675 b
libgtkhtml 120 b
libgweather 270 b
libixion 89 g
libjxl 485 b
libkdepim 210 g
libkgapi 290 g
libkleo 100 g
libkomparediff2 72 g
libkrb5 150 b
libksane 70 g
libkscreen 145 bg
libksieve 435 g
libksysguard 75 g
libnice 240 b
liboil 75 b
liborcus 205 g
libqalculate 675 b
libquicktime 105 b
libraw 94 b
librdkafka 95 g
libreoffice 28100 bg
libressl 150 a 100
librsvg 760 b
libsass 205 b
libsoup3 67 t
libunistring 315 b
libvirt 365 bg
libvisio 77 g
libvpx 205 b
libxcb 30 b - 1600
libxml2 95 gr
linux 17800 l
lld 500 a 100
llvm 9600 bgs 24 15400
localsearch 94 b
log4cplus 150 b
lokalize 250 g
lxqt-config 150 b
lxqt-globalkeys 64 b
lxqt-panel 370 b
mailcommon 415 g
mailimporter 90 g
marble 1650 g
mariadb 5100 b
maxima 200 a 100
mbox-importer 63 g
mc 150 b
mercurial 150 b
mesa 2200 b - 2400
messagelib 840 g
mfem 1150 s 44
mgard 905 s 62 4300
midori 120 b
minikube 69 g
mlir 2000 a 100
mongo-tools 300 g
mongodb 12000 a 100
mono 3000 a 100
mpich 2450 s 21 1900
mplayer 190 bgr
mupdf 94 b
musl 170 p
mutter 205 b
mx 120 b
mysql 945 b
nautilus 88 t
ncpfs 78 b
nemiver 375 b
nepomuk-core 285 b
network-manager 390 g
networkmanager-qt 410 g
nix 600 a 100
nmap 205 b
nodejs 4900 bg
nss 375 bg
ntp 430 b
nvidia-x11 94 n 5
ocaml 250 a 100
octave 1500 a 100
okteta 935 g
okular 310 bg
openblas 2400 a 100
opencv 2700 bg
openexr 120 a 100
openjade 105 b
openjdk 2650 b
openmpi 1200 s 27
openpmd-api 485 s 27 3100
opensp 150 b
openssh 205 b
openssl 170 pt
openssl10 68 t
orbit2 90 b
ostree 100 a 100
oxygen 420 g
p7zip 255 g
pan 345 b
paraview 17100 s 31 12400
pdl 385 b
perf 120 g
perl 315 l
petsc 840 s 35 2500
phonon 94 b
php 975 bg
pidgin 88 t
pim-data-exporter 130 g
pim-sieve-editor 135 g
pimcommon 230 g
pine 90 b
pipewire 110 t
plasma-activities 94 b
plasma-desktop 1450 g
plasma-integration 75 g
plasma-pa 66 g
plasma-vault 105 g
plasma-workspace 725 g
polkit 64 g
poppler 100 g
postfix 94 b
postgis 625 g
postgresql 370 bg
powerdevil 335 g
print-manager 115 g
procps 82 g
protobuf 425 bg - 2200
ptlib 135 b
pulseaudio 130 bg
py:cython 315 b
py:jaxlib 7150 s 26 16400
py:lxml 135 b
py:numpy 60 b - 1700
py:pandas 1500 s 31 1500
py:scipy 1150 s 21 1700
py:tensorflow 21000 s 28 24400
py:torch 10300 s 35 17300
pygtk 105 b
pypy 6000 a 100
python 260 b
python3 525 bl
qca 92 g
qcoro 205 b
qemu 555 bg
qpdf 260 b
qscintilla 205 b
qt3d 800 a 100
qtbase 2000 g
qtdeclarative 980 g
qterminal 94 b
qtlocation 400 a 100
qtmultimedia 240 g
qtquickcontrols 115 g
qtquickcontrols2 280 g
qtscript 270 g
qtsensors 71 g
qttools 610 g
qtwayland 215 g
qtwebengine 39100 bg
qtwebkit 5450 bg
qtxmlpatterns 315 g
qupzilla 810 b
racket 800 a 100
re-alpine 150 b
re2 84 g
ripgrep 195 g
root 12000 a 100
ruby 1050 b
rust-bindgen 270 b
rustc 7800 bs 27 18800
rygel 150 b
samba 1100 bg
sane-backends 130 t
sbcl 200 a 100
sddm 145 bg
sdl2 180 br
seahorse-plugins 150 b
seamonkey 6850 b
slib 75 b
snapper 145 g
solid 265 bg
soprano 90 b
sound-juicer 90 b
spectacle 76 g
spice-gtk 120 b
spidermonkey 1100 b
spirv-llvm-translator 205 b
spirv-tools 190 t
spl 270 p
sqlite 135 bg
strace 65 p
strigi 180 b
strumpack 790 s 47 1700
subversion 815 b
sudo 94 b
swift 40000 a 100
swig 150 b
syndication 155 g
sysmon-qt 75 b
systemd 525 b
systemsettings 73 g
tcl 105 b
tdb 200 g
telepathy-glib 180 b
tetex 315 b
texinfo 94 l
texlive-bin 2200 b
thunar 94 b
thunderbird 9850 bg
tigervnc 260 b
totem 90 b
tqtinterface 90 b
tracker 225 b
tracker3-miners 150 b
transcode 92 bg
transmission 1250 b
trilinos 10800 s 29 9200
umbrello 1050 g
unbound 150 b
unixodbc 95 bg
util-linux 95 glr
v4l 150 b
v8 6000 a 100
vala 260 b
valgrind 205 b
vim 205 b
virtualbox 2500 a 100
virtuoso 495 b
vlc 615 g
vte 67 t
vte2 75 b
vtk 5000 a 100
vtk-m 2950 s 61 3200
webkitgtk 24200 b
wine 4000 a 100
wireshark 1450 b
x264 72 bg
x265 205 b
xapian-core 260 b
xdg-utils 140 t
xen 1200 a 100
xfce4-panel 94 b
xfsprogs 94 b
xgcc 2250 l
xine-lib 260 b
xorg-server 295 g
xpdf 75 b
xscreensaver 205 b
xterm 94 b
xwayland 94 b
yaksa 1850 s 51 4000
zeromq 60 a 100
zfs 195 p
zfs-kmod 505 p
zsh 870 b
zstd 175 r
`;

/** The rest, grouped by equal figures: `work sources names…`. */
export const SMALL = `
1 n nix:builder.pl nix:etc nix:etc-nix-registry.json nix:etc-os-release nix:fc-cache nix:initrd-linux nix:issue
1 n nix:mpv-with-scripts nix:system-units
2 n nix:hwdb.bin nix:linux-modules-shrunk nix:udev-rules
3 b portmap
3 g ack convertlit dhcpcd edk2-ovmf emacs-common-gentoo exfat-utils fuse-exfat haskell:cabal haskell:hashable
3 g haskell:hashtables haskell:mtl haskell:primitive haskell:transformers hwids i2c-tools iceauth intel-microcode
3 g memtest86+ meson parallel pax-utils pdfcrack plasma-redshift-control powerstat py:beautifulsoup py:simplejson
3 g qtx11extras scrollkeeper-dtd the-silver-searcher xbacklight xdriinfo xkill xlsclients xmessage xpr xrefresh
3 g xsetroot xwd xwininfo
3 n nix:nuke-refs nix:stage-init.sh nix:system-path nix:uname
3 p libiconv mime-types
3 r mmc-utils tinyalsa
4 g libdvbpsi libogg mkfontscale qtgraphicaleffects qtkeychain
4 n nix:perl-env
5 bg extra-cmake-modules py:certifi py:html5lib py:scour rpcsvc-proto util-macros xcursor-themes
5 p getent help2man libintl
5 r autoconf
6 n nix:systemd-boot
7 b acpid adwaita-icon-theme alacarte alsa-firmware alsa-oss appdata-tools apr-util asciidoc asciidoctor ash at atk
7 b autoconf213 autofs bc beaker bridge cachecontrol cantarell-fonts cdparanoia chrpath colord-gtk compface cracklib
7 b dash decorator desktop-file-utils docbook docbook-dsssl docbook-utils docbook-xsl docbook-xsl-ns docbook51
7 b dosfstools dvd-rw-tools ed efibootmgr efivar eject fcron firewalld freeglut funcsigs gdk-pixbuf-xlib geocode-glib
7 b giflib glew glm glslc gnome-audio gnome-backgrounds gnome-icon-theme-extras gnome-icon-theme-symbolic gnome-menus
7 b gnome-nettool gnome-power-manager gnome-screenshot gnome-shell-extensions gnome-tweak-tool gnome-tweaks
7 b gnome-video-effects gnome-weather gpicview gptfdisk gsettings-desktop-schemas gsound gst-libav gtk-xfce-engine
7 b gupnp-vala gvolwheel hatch-fancy-pypi-readme hdparm hdwids hicolor-icon-theme hwdata icon-naming-utils ijs inih
7 b initd-tools intltool ispell itstool jadetex kcolorpicker kde-base-artwork keybinder2 keybinder3 keyutils liba52
7 b libaio libao libass libatasmart libavif libcap libcloudproviders libdisplay-info libdvdcss libei libexif libffi
7 b libgudev liblinear liblxqt-mount libmnl libmusicbrainz3 libndp libnfsidmap libnftnl libnotify libnsl liboauth
7 b libpcap libportal libptytty libsamplerate libseccomp libslirp libsysstat libtirpc libva libvdpau-va-gl libwacom
7 b libwnck libwpe libxcvt libxfce4util libxklavier libxml2py2 libxp lightdm-gtk-greeter lm-sensors lmdb logrotate
7 b lsb-release lsb-tools lua luit lxappearance lxde-common lxde-icon-theme lxdm lxinput lxmenu-data lxqt-build-tools
7 b lxqt-menu-data lxqt-openssh-askpass lxqt-policykit lxqt-sudo lxqt-themes lxrandr lxtask lxterminal mailx make-ca
7 b makedepend menu-cache mobile-broadband-provider-info mod-dnssd mousepad mousetweaks msgpack mtdev mypaint-brushes
7 b nautilus-sendto net-tools newt nghttp2 notification-daemon notify-python noto-fonts npapi-sdk npth
7 b obex-data-server openobex oxygen-fonts paps pax pciutils plasma-wayland-protocols pnmixer poppler-data printproto
7 b procmail psutils py py2cairo py:alabaster py:attrs py:chardet py:commonmark py:dbusmock py:docutils py:doxypypy
7 b py:editables py:glad py:hatchling py:iniconfig py:jinja2 py:mako py:meson-python py:packaging py:ply py:psutil
7 b py:pyatspi2 py:pycairo py:pygdbmi py:pygments py:pyproject-metadata py:pyserial py:pyxdg py:requests py:sentry-sdk
7 b py:setuptools py:setuptools-scm py:six py:smartypants py:snowballstemmer py:sphinx py:trove-classifiers
7 b py:typogrify py:urllib3 py:webencodings pycairo2 pypa-build pyrex qjson qrencode qtchooser ristretto rpcbind
7 b sane-fe sassc sbc sc-applehelp sc-jquery scons serf sgml-common sgml-dtd sgml-dtd-3 shared-desktop-ontologies
7 b simpleburn sound-theme-freedesktop speex speexdsp spirv-headers ssh-askpass sshfs startup-notification stunnel
7 b system-tools-backends tcpwrappers tecla thunar-volman traceroute tree twm typing-extensions unifdef unzip upower
7 b usbutils utfcpp vsftpd vulkan-headers vulkan-loader which whois wicd wireless woff2 xcb-proto xcb-util
7 b xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm xclock xdg-dbus-proxy
7 b xdg-desktop-portal-lxqt xdg-user-dirs xdotool xfce4-appfinder xfce4-dev-tools xfce4-pulseaudio-plugin
7 b xfce4-xkb-plugin xfconf xindy xinetd xinit xorg-amdgpu-driver xorg-ati-driver xorg-evdev-driver xorg-fbdev-driver
7 b xorg-synaptics-driver xorg-tdfx-driver xorg-vesa-driver xorg-vmmouse-driver xorgproto yelp-tools yelp-xsl
7 br alsa-plugins iw libusb-compat
7 g kded qtwebchannel xwud
7 gr automake
7 n nix:extra-utils
7 r dtc
7 t at-spi2-atk blocaled bubblewrap cairomm-1.0 dconf dos2unix double-conversion exo feh fetchmail fribidi gc gcab
7 t glib-networking graphene gspell haveged jansson json-glib libassuan libbytesize libcroco libdiscid libdrm libepoxy
7 t libevdev libgedit-amtk libgedit-gtksourceview libgusb libhandy1 libksba libnvme libpaper libpsl libsigsegv
7 t libuninameslist libvdpau libxau libxdmcp lsof mandoc potrace power-profiles-daemon py3c py:babel
7 t py:charset-normalizer py:cssselect py:doxyqml py:gi-docgen py:hatch-vcs py:idna py:imagesize py:markdown
7 t py:pathspec py:pluggy py:pyproject-hooks py:pytz py:recommonmark py:sphinx-rtd-theme rest sc-devhelp sc-htmlhelp
7 t sc-jsmath sc-qthelp sc-serializinghtml time totem-pl-parser uchardet uhttpmock umockdev wayland wayland-protocols
7 t webp-pixbuf-loader xkeyboard-config xmlto xorg-libinput-driver xorg-wacom-driver yaml
8 br gperf
8 g kpty
8 r lzip sdl-net sdl-ttf sdl2-net
9 bg xbitmaps
9 br libusb
9 g libfakekey qtimageformats
9 t dejagnu py:flit-core py:markupsafe
10 bg libdvdnav yasm
10 g kwrited
10 p man-pages-posix python-mhash tzdata
10 r libsvg-cairo pkgconf
11 b baobab cups-browsed epdfview
11 g kdbusaddons ksshaskpass kwallet-pam
11 l gnumake
11 r sdl-gfx sdl-image sdl2-image squashfs
11 t at-spi2-core babl cairomm cairomm-1.16 gcr4 gdk-pixbuf gexiv2 graphite2 gtk-doc gtksourceview4 gtksourceview5
11 t iana-etc iproute2 jasper json-c kbd lcms2 libatomic-ops libcddb libcupsfilters libgsf libhandy libidn libmbim
11 t libnma libpeas libpipeline libppd libssh2 libunwind liburcu libxcrypt mpg123 nfs-utils pango perl:xml-parser
11 t py:wheel sysklogd sysvinit tcsh udisks2
12 bg libdvdread
12 n nix:linux-modules
12 p pyelftools tcp-wrappers
12 pt bzip2 man-pages
12 r libid3tag sdl2-mixer
13 bg kguiaddons libburn nspr
13 br attr
13 g xprop xrdb
13 pt popt
13 r libsvg
13 t appstream-glib
14 bg libart-lgpl
14 br expat
14 g kdesignerplugin
14 pt less shared-mime-info
14 r zlib
15 b aalib automoc4 bogofilter c-ares caribou cdrdao celt051 check cifsutils clutter-gtk cups-pk-helper dbus-glib
15 b devicekit docbook5 dvb-apps enchant enscript exim faac fast-float fuse2 gamin garcon geoclue geoclue2 gfbgraph
15 b gnome-autoar gnome-connections gnome-font-viewer gnome-js-common gnome-logs gnome-maps gnome-mime-data
15 b gnome-mount gnome-screensaver gnome-search-tool gnome-speech gnome-system-log gnome-user-share gnome-vfs-monikers
15 b gnome-volume-manager gpm gssdp gsview gucharmap gupnp-av gupnp-dlna hamster-applet icedtea-sound jdk-build
15 b jfsutils lame leafnode libblockdev libcanberra libdaemon libelf libesmtp libgail-gnome libggz libglade
15 b libgnome-keyring libgnomecups libgnomekbd libgrss libidl libidn2 libinput libisofs libmng libmpeg2 libmpeg3
15 b libmusicbrainz5 libmypaint libpwquality libspiro libstatgrab libvorbis libxfce4ui libxfce4windowing libxmlb
15 b libzeitgeist lprng lxappearance-obconf lxpolkit lxqt-about lxqt-l10n lxqt-qtplugin lxsession lxshortcut mdadm
15 b muparser neon pcmanfm pm-utils polkit-gnome polkit-qt ppp pulseaudio-qt py:pycryptodome py:pyyaml pycrypto
15 b pygobject2 python-slip qimageblitz qpopper qtxdg-tools recode rep-gtk rman screen scrollkeeper seed sendmail
15 b simple-scan sysstat telepathy-farstream tumbler udftools vorbistools wpebackend-fdo xarchiver xcb-utilities
15 b xdg-desktop-portal-gtk xfburn xfce4-notifyd xfce4-power-manager xfce4-session xfce4-terminal xorg-cirrus-driver
15 b xorg-mach64-driver xorg-nouveau-driver xorg-openchrome-driver xorg-r128-driver xorg-savage-driver
15 b xorg-vmware-driver xvid yelp zenity zip
15 br acl libmad
15 g freedesktop-icon-theme kiconthemes mtools xset
15 pt file psmisc
15 t expect
16 b openquicktime
16 r sdl2-ttf
16 t libsigc
17 bg iptables polkit-kde-agent
17 br libpng sdl
17 g kinit kitemviews
17 n nvidia-settings
17 p debianutils docbook-xsl-nons libintl-perl
17 pt gdbm libmpc
17 r sdl-mixer sdl2-gfx
17 t gmime3 gnome-calculator iso-codes libsecret libtasn1 libxkbcommon linux-pam py:pygobject py:pyparsing tepl
17 t wireplumber
18 bg cups-filters
18 g karchive ktextwidgets qtsvg
18 gl linux-headers
18 r libtool
19 g kcompletion kgamma ki18n
19 r mtd
20 bg raptor
20 g opus
21 b gdl gnome-color-manager gnome-disk-utility libgxps lxqt-runner
21 bg libkdcraw
21 g kconfigwidgets kxmlrpcclient prison
21 pt libgpg-error readline
22 g docker-machine-kvm libzmf qqc2-desktop-style
22 p ca-certificates
22 pt libxslt
22 r fakeroot madplay patchelf
22 t biber libsigc3 network-manager-applet sharutils tinysparql tracker3
24 bg nasm
24 g kcodecs kmbox libqxp tmux
25 g kjobwidgets kunitconversion
25 t epiphany gcr gjs gtksourceview libdazzle libqmi nettle
26 bg accountsservice
26 pt pcre
26 r tslib
27 g kdegraphics-mobipocket kdoctools libical plasma-workspace-wallpapers py:pillow ykpers
28 b slrn
28 bg kidletime
28 g kdnssd
28 r sdl-sound
28 t gmime libuv pcre2 weston
29 bg baloo-widgets
29 g libepubgen zeroconf-ioslave
29 pt mpfr
30 b alsa-tools apache-ant apr atkmm bazaar blueman cheese clutter-gst consolekit cryptsetup cyrus-sasl dillo eog
30 b epiphany-extensions faad2 farstream flac fuse3 gconf-editor gdlmm ggz-client-libs glamor-egl glu gnet
30 b gnome-bluetooth gnome-contacts gnome-desktop gnome-dictionary gnome-doc-utils gnome-keyring-manager gnome-mag
30 b gnome-online-accounts gnome-terminal gnome-themes grilo gstreamer10-vaapi gtk-vnc gupnp gwrap hexchat id3lib
30 b imlib2 joe junit kdsoap-ws-discovery-client ldns libchamplain libdv libfame libgee libgnome libgtop libiodbc
30 b libisoburn liboobs libosinfo libproxy librest libsexy libshumate libtheora libunique libunique3 libwnck2 lightdm
30 b luajit lxqt-notificationd mutt ncftp nepomuk-widgets nftables ninja ntfs-3g obconf-qt obexd openjpeg openjpeg2
30 b orca pangomm parole pavucontrol pavucontrol-qt phonon-backend-vlc plasma-activities-stats pth py:dbus-python
30 b rarian redland reiser rxvt-unicode sg3-utils shadow smartmontools soundtouch telepathy-logger
30 b telepathy-mission-control tidy-html5 tk vinagre vino volume-key xdg-desktop-portal-gnome xfce4-mixer xfdesktop
30 b xfwm4 xine-ui xorg-mga-driver xorg-sis-driver xsane
30 br alsa-utils freetype wpa-supplicant
30 g kamera knotifyconfig
30 p mhash
30 r kmod
31 g kauth kde-dev-utils kdesdk-kioslaves kdewebkit kimageformats
32 g kdesu kidentitymanagement kwayland-integration libktnef
32 r libtiff lz4 mbedtls
33 b nautilus-media
33 bg oxygen-icons
33 g kitemmodels kruler
34 g kde-dev-scripts kdialog
34 t protobuf-c
35 br libwebp
35 g ffmpegthumbs kdesdk-thumbnailers kemoticons kirigami kwebkitpart libmspub poxml
36 r lzo
37 b gnome-session libqtxdg lxqt-admin
37 t grub man-db
38 g frameworkintegration kcmutils kdecoration libkipi xf86-input-libinput
38 r pixman
39 b evince file-roller gnome-settings-daemon gnome-system-monitor gvfs libplacebo mpv phonon-backend-gstreamer
39 b qtermwidget seahorse sysprof taglib xdg-desktop-portal zxing-cpp
39 bg libkexiv2
39 g kcolorchooser kpackage
39 l diffutils gawk gnugrep gnused gnutar gzip
39 pt groff
40 g ddcutil harfbuzz kdenetwork-filesharing libgravatar libkcompactdisc svgpart
40 p ctags
41 br nano
41 g kactivities-stats
42 b liblxqt
42 br libjpeg-turbo
42 g kwrite redshift
43 bg udisks
43 g kfind kholidays
44 g kapptemplate
44 r ncurses
45 b a2ps akode avahi bluefish cvs dconf-editor deskbar-applet devhelp duktape esound eudev freetts gconf ggv ghex
45 b gnome-boxes gnome-themes-extra grilo-plugins gst-plugins-ugly gtksourceview2 gutenprint icedtea-web
45 b intel-vaapi-driver libarchive libevent libfm libgnomecanvas libgnomeprintui libmikmod librep libsndfile
45 b libxfcegui4 lxpanel lxqt-archiver nas nautilus-cd-burner openbox openldap parted pinentry pkg-config proftpd
45 b rasqal rox-filer sawfish screengrab sushi sysmon3 unrar w3m wget
45 bg links
45 g grantleetheme kmime ksmtp
45 gl patch
45 pt cpio
45 t py:pytest
46 bg mlt
46 g kparts
46 t gedit gstreamer10 libsoup modemmanager
47 b gdm
48 b gimp-print
48 g akonadi-mime
48 lr xz
49 g kcoreaddons qtvirtualkeyboard sonnet
49 lr gnum4
49 pt elfutils
50 br libnl
50 g akonadi-notes boost-build kbookmarks knotifications threadweaver
51 g kglobalaccel kontactinterface rsync user-manager
51 gr fontconfig
51 t clisp
52 b lxqt-powermanagement lxqt-session
53 g krunner milou sddm-kcm
53 gr alsa-lib
54 bg cups
55 g kwallet talloc
55 pt gmp
55 r e2fsprogs
56 bg kfilemetadata
56 t tracker-miners
58 b pcmanfm-qt
58 bg libkcddb
58 g kcalcore konsolekalendar syntax-highlighting
59 r flex
60 b accerciser aspell at-spi bug-buddy colord farsight2 gnome-documents gnome-system-tools gtk-engines icewm
60 b inetutils libdbusmenu-qt libgcrypt libmusicbrainz libvirt-glib lvm2 lximage-qt lynx maven metacity pilot-link qps
60 b slang tin wv xchat xfce4-settings
60 g haskell:text kross tevent
`;
