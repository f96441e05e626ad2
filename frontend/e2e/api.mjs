// What a chapter prepares without a browser: the API, as an account.

/** Speaks to the API as an account. */
export async function speaker(base, login, password) {
  const call = async (token, method, path, body, headers = {}) => {
    const answer = await fetch(`${base}api/v1${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, tag: answer.headers.get("etag"), body: text && JSON.parse(text) };
  };
  const session = await call(undefined, "POST", "/session", { login, password });
  return (method, path, body, headers) => call(session.body.access_token, method, path, body, headers);
}

/** A record that an account enters; its number. */
export async function entered(who, ledger, values, unit) {
  const made = await who("POST", `/ledgers/${ledger}/records`, { values, ...(unit && { unit }) });
  if (made.status !== 201) throw new Error(`${ledger} ${JSON.stringify(values)}: ${JSON.stringify(made.body)}`);
  return made.body.record.id;
}
