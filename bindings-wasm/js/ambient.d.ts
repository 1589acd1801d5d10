/** Types of runtimes that TypeScript's libraries lack. */

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}

declare const Deno: {
  readFileSync(path: URL): Uint8Array<ArrayBuffer>;
  createHttpClient?(options: { poolMaxIdlePerHost: number }): { close(): void };
};
