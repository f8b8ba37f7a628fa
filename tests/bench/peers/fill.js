// Fills the app's database through its own worker, and waits until the worker has tidied up.
import { Anju, ledger, tidied } from './anju.mjs';

window.fill = async (count) => {
  const app = await new Anju().open();
  await app.start();
  await app.import(ledger(count));
  await tidied();
  app.close();
};
document.title = 'ready';
