'use client';
// The part that needs JavaScript in the browser.
import { useState } from 'react';

export function Counter({ of }) {
  const [count, setCount] = useState(0);
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {count} {of}
    </button>
  );
}
