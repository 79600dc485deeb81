// Plays a shop by calls and its customer by a browser, and compares what the
// pages say with what the simulator knows. Run by .ci/browser.
'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { createRequire } = require('node:module');

const [folder, chromiumPath, base, key, secret, merchant] = process.argv.slice(2);
const { chromium } = createRequire(`${folder}/`)('playwright-core');

const patience = 30_000; // ms that a page may take to show what is waited for
const phone = { width: 390, height: 844 };
const smallPhone = { width: 320, height: 568 };
const fingertip = 44; // px that a button needs at least

process.exitCode = 1; // until all is done

// The shop.

let ahead = 0; // seconds that the simulator's clock was moved on
const now = () => Math.floor(Date.now() / 1000) + ahead;
const yen = (amount) => ({ amount, currency: 'JPY' });
let ids = 0;
const id = (kind) => `${kind}-${++ids}`;

async function call(method, path, body) {
  const type = 'application/json';
  const text = body ? JSON.stringify(body) : '';
  const hash = text ? crypto.createHash('md5').update(type + text).digest('base64') : 'empty';
  const [nonce, epoch] = [crypto.randomUUID(), now()];
  const mac = crypto.createHmac('sha256', secret)
    .update([path, method, nonce, epoch, text ? type : 'empty', hash].join('\n')).digest('base64');
  const answer = await fetch(base + path, {
    method,
    body: text || undefined,
    headers: {
      Authorization: `hmac OPA-Auth:${key}:${mac}:${nonce}:${epoch}:${hash}`,
      'X-ASSUME-MERCHANT': merchant,
      ...(text && { 'Content-Type': type }),
    },
  });
  const { resultInfo, data } = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(resultInfo)}`);
  return data;
}

async function control(path, body) {
  const answer = await fetch(`${base}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
}

const state = async () => (await fetch(`${base}/simulator/state`)).json();

// knows checks members of a payment in the simulator's books.
async function knows(merchantPaymentId, want) {
  const payment = (await state()).payments.find((p) => p.merchantPaymentId === merchantPaymentId);
  assert.ok(payment, `there is no payment ${merchantPaymentId}`);
  const have = Object.fromEntries(Object.keys(want).map((name) => [name, payment[name]]));
  assert.deepEqual(have, want);
}

async function createCode(amount, more) {
  const merchantPaymentId = id('order');
  const { codeId, url } = await call('POST', '/v2/codes', {
    merchantPaymentId, amount: yen(amount), codeType: 'ORDER_QR', orderDescription: 'さくらコーヒー', storeInfo: 'むね堂 本店', ...more,
  });
  assert.equal(url, `${base}/pay/${codeId}`);
  return { merchantPaymentId, codeId, url };
}

async function createLink(more) {
  const { linkQRCodeURL } = await call('POST', '/v1/qr/sessions', {
    scopes: ['direct_debit', 'pending_payments'], nonce: id('nonce'), redirectType: 'WEB_LINK', referenceId: id('member'),
    redirectUrl: 'https://shop.example/linked', phoneNumber: '08000001234', deviceId: 'device', ...more,
  });
  assert.ok(linkQRCodeURL.startsWith(`${base}/link/`));
  return linkQRCodeURL;
}

// The customer.

let browser;

// open gives a browser of its own to a story, which closes what it has opened.
let contexts = [];
async function open(url, options) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP', viewport: phone, ...options });
  contexts.push(context);
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const answer = await page.goto(url);
  assert.equal(answer.status(), 200, url);
  return page;
}

// shows waits until a page says what the state is, and checks the page's form.
async function shows(page, text) {
  await page.getByRole('status').filter({ hasText: new RegExp(`^${text}$`) }).waitFor();
  await fits(page);
}

const explains = (page, text) => page.getByRole('alert').filter({ hasText: text }).waitFor();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const buttons = (page) => page.getByRole('button').allTextContents();

// fits checks that a page is read and pressed with a thumb, and has its style.
async function fits(page) {
  const { wide, main, heading } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    main: document.querySelectorAll('main').length,
    heading: document.querySelectorAll('h1').length,
  }));
  assert.deepEqual({ wide, main, heading }, { wide: 0, main: 1, heading: 1 }, page.url());
  for (const button of await page.getByRole('button').all()) {
    const { height } = await button.boundingBox();
    assert.ok(height >= fingertip, `a button is ${height} px high on ${page.url()}`);
  }
}

const stories = {
  async 'scans and pays a code of the list'() {
    const { merchantPaymentId } = await createCode(1980);
    const { taken } = await state();
    const page = await open(`${base}/`);
    await fits(page);
    await page.getByRole('link', { name: merchantPaymentId }).click();
    await shows(page, '読み取り待ち');
    await press(page, '読み取って確認画面を開く');
    await shows(page, '確認画面を表示中');
    await knows(merchantPaymentId, { stage: 'confirming' });
    await press(page, '支払う');
    await shows(page, '支払い済み');
    await knows(merchantPaymentId, { stage: 'paid', status: 'COMPLETED' });
    assert.equal((await state()).taken, taken + 1980);
    assert.deepEqual(await buttons(page), []);
    await page.reload(); // which sends no form again
    await shows(page, '支払い済み');
    await page.getByRole('link', { name: 'コード一覧', exact: true }).click();
    await page.getByRole('link', { name: merchantPaymentId }).filter({ hasText: '支払い済み' }).waitFor();
  },

  async 'declines, then lets the payment fail, in English'() {
    const { merchantPaymentId, url } = await createCode(500);
    const page = await open(url, { locale: 'en-GB', colorScheme: 'dark', viewport: smallPhone });
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await press(page, 'Scan: open the confirm screen');
    await shows(page, 'Confirm screen open');
    await press(page, 'Decline');
    await shows(page, 'Waiting to be scanned');
    await knows(merchantPaymentId, { stage: 'waiting', status: 'CREATED' });
    await press(page, 'Let the payment fail');
    await shows(page, 'Payment failed');
    await knows(merchantPaymentId, { stage: 'failed', status: 'FAILED' });
  },

  async 'agrees to a higher capture, which the page sees done by itself'() {
    const { merchantPaymentId, url } = await createCode(12000, { isAuthorization: true });
    const page = await open(url);
    await press(page, '支払う');
    await shows(page, '仮押さえ中');
    await knows(merchantPaymentId, { stage: 'held', held: 12000 });
    await capture(merchantPaymentId, 13500);
    await page.getByRole('link', { name: '最新の状態を見る' }).click();
    await shows(page, '承認待ち');
    await page.getByText('¥13,500').waitFor();
    await press(page, '承認する');
    await shows(page, '支払い済み');
    await knows(merchantPaymentId, { stage: 'paid', amount: 13500 });
  },

  async 'does not agree to a higher capture'() {
    const { merchantPaymentId, codeId } = await createCode(700, { isAuthorization: true });
    await control(`codes/${codeId}/pay`);
    await capture(merchantPaymentId, 800);
    const page = await open(`${base}/payments/${merchantPaymentId}`);
    await press(page, '断る');
    await shows(page, '仮押さえ中');
    await knows(merchantPaymentId, { stage: 'held', held: 700, amount: 700 });
  },

  async 'links the account, and pays what is pending'() {
    const page = await open(`${base}/`);
    const referenceId = id('member');
    const link = await createLink({ referenceId });
    await page.getByRole('link', { name: '最新の状態を見る' }).click();
    await page.getByRole('link', { name: referenceId }).click();
    assert.equal(page.url(), link);
    await page.getByText('pending_payments').waitFor();
    await press(page, '許可する');
    await shows(page, '連携しました');
    const { result, userAuthorizationId } = await answerOf(page);
    assert.equal(result, 'succeeded');

    const merchantPaymentId = id('pending');
    await call('POST', '/v1/requestOrder', {
      merchantPaymentId, userAuthorizationId, amount: yen(3980), requestedAt: now(), orderDescription: '月会費',
    });
    await page.getByRole('link', { name: 'コード一覧', exact: true }).click();
    await page.getByRole('link', { name: merchantPaymentId }).click();
    await shows(page, 'お支払い待ち');
    await press(page, '支払う');
    await shows(page, '支払い済み');
    await knows(merchantPaymentId, { stage: 'paid', amount: 3980 });
  },

  async 'does not link the account, and cannot think again'() {
    const link = await createLink();
    const [page, stale] = [await open(link), await open(link)];
    await press(page, '断る');
    await shows(page, '断りました');
    assert.equal((await answerOf(page)).result, 'declined');
    await press(stale, '許可する');
    await explains(stale, 'すでに回答済み');
    assert.equal((await answerOf(stale)).result, 'declined');
  },

  async 'is told in words that a form is stale'() {
    const paid = await createCode(340);
    const [page, second] = [await open(paid.url), await open(paid.url)];
    await press(page, '支払う');
    await shows(page, '支払い済み');
    const { taken, wallets } = await state();
    await press(second, '支払う');
    await explains(second, 'すでに支払い済みです');
    await shows(second, '支払い済み');
    assert.deepEqual(await state().then((s) => [s.taken, s.wallets]), [taken, wallets]);

    const deleted = await createCode(350);
    const third = await open(deleted.url);
    await call('DELETE', `/v2/codes/${deleted.codeId}`);
    await press(third, '支払う');
    await explains(third, 'お店がこのコードを削除しました');
    await knows(deleted.merchantPaymentId, { stage: 'deleted' });

    const expired = await createCode(360);
    const fourth = await open(expired.url);
    await control('clock', { advance: '6m' });
    ahead += 6 * 60;
    await press(fourth, '支払う');
    await explains(fourth, '支払いの期限が切れました');
    await shows(fourth, '期限切れ');
    await knows(expired.merchantPaymentId, { stage: 'expired' });
  },

  async 'chooses what to pay with, and sees it used'() {
    const customer = id('customer');
    await control('customers', {
      id: customer, phone: '08000005678', balance: 3000,
      means: [{ id: 'points', type: 'POINT', yen: 200 }, { id: 'card', type: 'CREDIT_CARD', yen: 90000 }],
    });
    const { merchantPaymentId, url } = await createCode(900);
    const page = await open(url, { viewport: smallPhone });
    await fits(page);
    await page.getByLabel('お客さま').selectOption(`${customer}/card`);
    await press(page, '読み取って確認画面を開く');
    await shows(page, '確認画面を表示中');
    assert.equal(await page.getByLabel('お客さま').inputValue(), `${customer}/card`);
    await press(page, '支払う');
    await shows(page, '支払い済み');
    await page.getByRole('definition').filter({ hasText: '¥900' }).waitFor();
    await knows(merchantPaymentId, { stage: 'paid', amount: 900 });
    const { balance, means } = (await state()).wallets.find((w) => w.customerId === customer);
    assert.deepEqual([balance, means.map((m) => m.yen)], [3000, [200, 89100]]);
  },

  async 'sees the faults that are set, and clears them'() {
    await control('faults', { operation: 'v2_createRefundPayment', kind: 'drop-after', times: 2 });
    await control('faults', { kind: 'status-after', status: 500, code: 'SERVICE_ERROR', probability: 0.001 });
    const page = await open(`${base}/`, { viewport: smallPhone });
    await fits(page);
    await page.getByRole('heading', { name: '起こす障害' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'drop-after' }).filter({ hasText: 'あと2回' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'SERVICE_ERROR' }).filter({ hasText: '0.1%' }).waitFor();
    await press(page, '障害をすべて解除する');
    await page.getByRole('heading', { name: 'コード一覧' }).waitFor();
    assert.equal(await page.getByRole('heading', { name: '起こす障害' }).count(), 0);
    assert.deepEqual((await state()).faults, []);
  },

  async 'gets a page also where there is none'() {
    const page = await open(`${base}/`);
    for (const path of ['/pay/04-none', '/payments/none', '/link/none', '/elsewhere']) {
      assert.equal((await page.goto(base + path)).status(), 404, path);
      await explains(page, 'そのようなコードやページはありません');
      await fits(page);
    }
    await page.getByRole('link', { name: 'コード一覧', exact: true }).click();
    await page.getByRole('heading', { name: 'コード一覧' }).waitFor();
  },

  async 'is not harmed by what a shop writes, even with script'() {
    const hostile = `"'><script>alert(1)</script><img src="${base}/elsewhere" onerror=alert(2)>` +
      '</style><svg onload=alert(3)><a href="javascript:alert(4)">{{.}}</a>\u202e' + 'x'.repeat(80);
    const { merchantPaymentId, url } = await createCode(99999999999, { orderDescription: hostile, storeInfo: hostile });
    const link = await createLink({ referenceId: hostile });
    const page = await open(url, { javaScriptEnabled: true, viewport: smallPhone });
    const ran = [];
    page.on('dialog', (dialog) => { ran.push(dialog.message()); return dialog.dismiss(); });
    page.on('request', (request) => { ran.push(request.url()); });
    for (const address of [url, link, `${base}/`]) {
      await page.goto(address);
      await page.getByText('<script>alert(1)</script>').first().waitFor();
      await fits(page);
      assert.equal(await page.locator('script, img, main svg:not([role=img]), [onload], [onerror], a[href^="javascript"]').count(), 0);
      assert.deepEqual(ran.splice(0), [address, `${base}/page.css`]);
    }
    // Nor would it be if it were let through.
    const obeyed = await page.evaluate(() => new Promise((resolve) => {
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.obeyed = "script"' }));
      document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.obeyed = 1">');
      document.body.lastChild.addEventListener('error', () => resolve(window.obeyed)); // after the one in the text
    }));
    assert.equal(obeyed, undefined);
    await knows(merchantPaymentId, { stage: 'waiting' });
  },

  async 'cannot be made to pay by another site'() {
    const { merchantPaymentId, url } = await createCode(610);
    const page = await open(url);
    const elsewhere = 'http://elsewhere.example/';
    await page.route(elsewhere, (route) => route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<form method="post" action="${url}"><button name="action" value="pay">Win</button></form>`,
    }));
    await page.goto(elsewhere);
    await press(page, 'Win');
    await explains(page, 'ほかのサイトからの操作は受け付けません');
    await knows(merchantPaymentId, { stage: 'waiting' });

    const frame = `${base}/frame`; // at home, since the browser itself keeps a site from framing this machine
    await page.route(frame, (route) => route.fulfill({ contentType: 'text/html', body: `<iframe src="${url}"></iframe>` }));
    await page.goto(frame);
    assert.equal(await page.frameLocator('iframe').getByRole('button').count(), 0, 'a page can be framed');
  },
};

const capture = (merchantPaymentId, amount) => call('POST', '/v2/payments/capture', {
  merchantPaymentId, amount: yen(amount), merchantCaptureId: id('capture'), requestedAt: now(), orderDescription: '送料',
});

// answerOf reads the token that the customer is to take back to the shop.
async function answerOf(page) {
  const back = new URL(await page.getByRole('link', { name: 'お店に戻る' }).getAttribute('href'));
  assert.equal(back.origin, 'https://shop.example');
  const [head, body, mac] = back.searchParams.get('responseToken').split('.');
  const signer = crypto.createHmac('sha256', Buffer.from(secret, 'base64'));
  assert.equal(mac, signer.update(`${head}.${body}`).digest('base64url'));
  return JSON.parse(Buffer.from(body, 'base64url'));
}

async function main() {
  browser = await chromium.launch({
    executablePath: chromiumPath,
    chromiumSandbox: false, // which root cannot have
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  console.log(`Chromium ${browser.version()}`);
  let failed = 0;
  for (const [name, story] of Object.entries(stories)) {
    const began = performance.now();
    let problem = '';
    try {
      await story();
    } catch (error) {
      failed++;
      problem = `\n${error.stack}`.replaceAll('\n', '\n     ');
    }
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    console.log(`${problem ? 'FAIL' : 'ok  '} ${name} (${Math.round(performance.now() - began)} ms)${problem}`);
  }
  await browser.close();
  console.log(`${Object.keys(stories).length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
