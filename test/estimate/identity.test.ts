import { describe, expect, it } from "vitest";
import { identityOf, withoutVersion, withoutVersions } from "#estimate/identity.js";

describe("who a derivation is", () => {
  const cases: readonly (readonly [string, string | undefined, string, string])[] = [
    ["python3.8-protobuf-3.12.2", "protobuf", "py", "protobuf"],
    ["protobuf-3.12.2", "protobuf", "", "protobuf"],
    ["python3-3.8.3", "python3", "", "python3"],
    ["python3-minimal-3.8.3", "python3-minimal", "", "python3-minimal"],
    ["perl5.30.3-gettext-1.07", "perl5.30.3-gettext", "perl", "gettext"],
    ["perl-5.30.3", "perl", "", "perl"],
    ["ruby2.6.6-3llo-0.3.0", "ruby2.6.6-3llo", "ruby", "3llo"],
    ["luajit-2.1.0-2020-03-20-luasocket-3.0rc1-2", "luajit", "lua", "luasocket"],
    ["luajit-2.1.0-2020-03-20-luasocket-3.0rc1-2", undefined, "lua", "luasocket"],
    ["lua-5.2.4", undefined, "", "lua"],
    ["emacs-nox-26.3", "emacs-nox", "", "emacs-nox"],
    ["vimplugin-vim-pasta-2018-09-08", "vimplugin-vim-pasta", "vim", "vim-pasta"],
    ["python3.8-setuptools_scm-4.1.2", "setuptools_scm", "py", "setuptools-scm"],
    ["terraform-provider-kubernetes-1.11.3", "terraform-provider-kubernetes", "go", "kubernetes"],
  ];
  it.each(cases)("%s", (name, pname, scope, base) => {
    expect(identityOf(pname === undefined ? { name } : { name, pname })).toEqual({ scope, base });
  });

  it("cuts versions as Nix does", () => {
    expect(withoutVersion("gcc-9.3.0")).toBe("gcc");
    expect(withoutVersion("libedit-20191231-3.1")).toBe("libedit");
    expect(withoutVersion("gnu-efi")).toBe("gnu-efi");
    expect(withoutVersions("linux-5.4.53-modules-shrunk")).toBe("linux-modules-shrunk");
  });
});
