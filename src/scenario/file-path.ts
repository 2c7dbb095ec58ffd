// Paths as texts, with / between their parts: where a file lies that another one names. Touches no disk.

/** `name` as seen from the folder of `file`. */
export function besides(file: string, name: string): string {
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  return name.startsWith("/") || folder === "" ? name : `${folder}${name.replace(/^(?:\.\/)+/, "")}`;
}

/** Without folder and endings: `scenarios/book.yaml` → `book`. */
export function stem(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1).replace(/(?:\.(?:ya?ml|json|gz|drvs|graph|fleet))+$/, "") || file;
}
