// The least page that shows owners and finds any of them, as somebody would write it with React and Dexie.
import Dexie from 'dexie';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { objects } from '../support/owners.mjs';

const ROWS = 50;
const db = new Dexie('owners');
db.version(1).stores({ owners: 'id, name, phone, documentNumber' });

const masked = (text) => `${text.slice(0, 3)}****${text.slice(-4)}`;
const line = (owner) => `${owner.project}${owner.building}${owner.unit}${owner.room} ${owner.name} ${owner.phone} ${owner.documentNumber} ${owner.plate}`;

function Page() {
  const [first, setFirst] = useState([]);
  const [all, setAll] = useState(null);
  const [words, setWords] = useState('');
  const wanted = useDeferredValue(words);
  useEffect(() => {
    (async () => {
      setFirst(await db.owners.limit(ROWS).toArray());
      setAll(await db.owners.toArray());
    })();
  }, []);
  const shown = useMemo(() => {
    if (!wanted) return first;
    const hits = [];
    for (const owner of all ?? []) {
      if (line(owner).includes(wanted)) hits.push(owner);
      if (hits.length === ROWS) break;
    }
    return hits;
  }, [first, all, wanted]);
  return (
    <main>
      <input type="search" value={words} onChange={(event) => setWords(event.target.value)} />
      <table>
        <tbody>
          {shown.map((owner) => (
            <tr className="owner" key={owner.id}>
              <td>{owner.building + owner.unit + owner.room}</td>
              <td>{owner.project}</td>
              <td>{owner.name}</td>
              <td>{masked(owner.phone)}</td>
              <td>{owner.area}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}

window.fill = async (count) => {
  await db.owners.bulkPut(objects(count));
};
navigator.serviceWorker.register('./service-worker.js');
createRoot(document.getElementById('root')).render(<Page />);
