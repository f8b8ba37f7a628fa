// Fetches the chunks of a program when they are first needed; scripts/pack.mjs fills in what stands in capitals.
// A file that did not come is asked for again the next time; what has come is never fetched twice.
import { initSync } from "GLUE";

// File, integrity value, and the length of each module in it.
const FILES = LIST;
const loading = [];
let shared;

function imports() {
  if (shared === undefined) {
    const { NAMES } = initSync(undefined, undefined);
    shared = { __wasm_split: { CANARY NAMES } };
  }
  return shared;
}

async function compiled([name, integrity, ...lengths]) {
  const response = await fetch(new URL(name, import.meta.url), { integrity });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  if (lengths.length === 1) return [await WebAssembly.compileStreaming(response)];
  const bytes = await response.arrayBuffer();
  let end = 0;
  return Promise.all(lengths.map((length) => WebAssembly.compile(new Uint8Array(bytes, (end += length) - length, length))));
}

async function arrive(file) {
  for (const module of await compiled(file)) await WebAssembly.instantiate(module, imports());
}

function load(index) {
  loading[index] ??= arrive(FILES[index]).catch((error) => {
    loading[index] = undefined;
    throw error;
  });
  return loading[index];
}

// The program waits for a call back, which says whether everything is here.
function part(...files) {
  return async (callback, data) => {
    const outcomes = await Promise.allSettled(files.map(load));
    const missed = outcomes.filter((outcome) => outcome.status === "rejected");
    for (const { reason } of missed) console.warn(reason);
    imports().__wasm_split.__indirect_function_table.get(callback)(data, missed.length === 0);
  };
}

