/** Something that one step waits for and another part of the test opens; `reached` resolves when a step waits. */
export function gate() {
  let open = () => {};
  let reach = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = async () => {
    reach();
    await opened;
  };
  return { open: () => open(), reached, pass };
}
