// Calls every method of PayPay's client for Node, and checks each answer of the
// simulator against what PayPay documents. Run by .ci/sdk-node.
'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');
const { createRequire } = require('node:module');

const [folder, portText, key, secret, merchant] = process.argv.slice(2);
const host = '127.0.0.1';
const port = Number(portText);
const simulator = `http://${host}:${port}`;

// The client is told host and port by its own Conf, but has TLS fixed: it calls
// https.request, which is http.request here. The rest is as it was published:
// its paths, headers, signatures, bodies, and how it reads an answer. What would
// leave this machine is refused.
let sent = null; // what the last call asked for
https.request = (options, ...rest) => {
  assert.equal(options.hostname, host, 'a call would leave this machine');
  assert.equal(options.port, port, 'a call would miss the simulator');
  sent = { method: options.method, path: options.path };
  return http.request(options, ...rest);
};
const require_ = createRequire(`${folder}/`);
const sdk = require_('@paypayopa/paypayopa-sdk-node');
const jwt = require_('jsonwebtoken'); // the client's own, with which its users sign request tokens

process.exitCode = 1; // until all is done, as Node ends in peace when an answer never comes

console.log = () => {}; // where the client tells of answers that are not 2xx
const print = (line) => process.stdout.write(`${line}\n`);

// methods are what the client offers, each with the answers it had and what was
// wrong with them.
const methods = new Map(Object.keys(sdk).map((name) => [name, { answers: [], problems: [] }]));
let current = null;
function note(name, answer) {
  current = methods.get(name);
  assert.ok(current, `the client has no ${name}`);
  if (answer && !current.answers.includes(answer)) current.answers.push(answer);
}

// expect checks an answer: "200/201 SUCCESS 08100001" is its status, code and
// codeId, the last where one is published. Of the data only the members in want
// are compared; null is no data.
function expect(answer, expected, want) {
  assert.equal(answer.ERROR, undefined);
  const { resultInfo, data } = answer.BODY;
  const [statuses, code, codeId] = expected.split(' ');
  const about = `${answer.STATUS} ${JSON.stringify(resultInfo)}`;
  assert.ok(statuses.split('/').includes(String(answer.STATUS)), `want ${expected}, have ${about}`);
  assert.equal(resultInfo.code, code, `want ${expected}, have ${about}`);
  assert.equal(typeof resultInfo.message, 'string', about);
  assert.equal(typeof resultInfo.codeId, 'string', about);
  if (codeId) assert.equal(resultInfo.codeId, codeId, `want ${expected}, have ${about}`);
  if (answer.STATUS >= 400) assert.equal(data, null, 'an error comes without data');
  if (want === null) assert.equal(data, null);
  else if (want) assert.deepEqual(part(data, want), want);
  return data;
}

// part is of have what want names.
function part(have, want) {
  if (want === null || typeof want !== 'object' || have === null || typeof have !== 'object') return have;
  if (Array.isArray(want)) return have.map((v, i) => part(v, want[i]));
  return Object.fromEntries(Object.keys(want).map((name) => [name, part(have[name], want[name])]));
}

// call calls a method in both of its ways at once, and checks its answer.
async function call(name, args, expected, want) {
  note(name);
  let byCallback;
  const answer = await sdk[name](...args, (result) => { byCallback = result; });
  note(name, answer.BODY?.resultInfo && `${answer.STATUS} ${answer.BODY.resultInfo.code}`);
  const data = expect(answer, expected, want);
  await null; // the callback comes right after the promise is settled
  assert.equal(byCallback, answer, 'the callback has another answer');
  return data;
}

// control is what a customer does, or the passing of time.
async function control(path, body = {}) {
  const answer = await fetch(`${simulator}/simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${text}`);
  return JSON.parse(text);
}

// The clock may be moved on as far as one likes: the client goes on signing with
// the real time, which the simulator takes too.
const advance = (seconds) => control('clock', { advance: `${seconds}s` });

const yen = (amount) => ({ amount, currency: 'JPY' });
const run = Date.now().toString(36);
let ids = 0;
const id = (kind) => `${kind}-${run}-${++ids}`;
const ok = '200 SUCCESS 08100001';
const created = '201 SUCCESS 08100001';
const accepted = '202 REQUEST_ACCEPTED 08100001';

async function makeCode(amount, more) {
  const merchantPaymentId = id('code');
  const order = {
    merchantPaymentId, amount: yen(amount), codeType: 'ORDER_QR', orderDescription: '抹茶ラテ & <ケーキ> 🍰', ...more,
  };
  const data = await call('QRCodeCreate', [order], created, {
    merchantPaymentId, amount: yen(amount), codeType: 'ORDER_QR', orderDescription: order.orderDescription,
  });
  assert.match(data.url, /^http/);
  assert.ok(data.deeplink.includes(encodeURIComponent(data.url)));
  assert.ok(data.expiryDate > Date.now() / 1000);
  return { merchantPaymentId, order, codeId: data.codeId };
}

async function paidCode(amount, more) {
  const code = await makeCode(amount, more);
  await control(`codes/${code.codeId}/pay`);
  const status = more?.isAuthorization ? 'AUTHORIZED' : 'COMPLETED';
  const data = await call('GetCodePaymentDetails', [[code.merchantPaymentId]], ok, { status, amount: yen(amount) });
  assert.equal(typeof data.paymentId, 'string');
  return { ...code, paymentId: data.paymentId };
}

async function codeThatIsDeleted() {
  const code = await makeCode(120, {
    isAuthorization: false, storeId: 'store', terminalId: '1', redirectUrl: 'https://shop.example/', redirectType: 'WEB_LINK',
  });
  await call('QRCodeCreate', [{ ...code.order }], '400 DUPLICATE_DYNAMIC_QR_REQUEST 01652073');
  await call('GetCodePaymentDetails', [[code.merchantPaymentId]], ok, { status: 'CREATED', acceptedAt: 0 });
  await call('GetPaymentDetails', [[code.merchantPaymentId]], '404 RESOURCE_NOT_FOUND');
  await call('QRCodeDelete', [[code.codeId]], ok, { qrStatus: 'DELETED' });
  await call('QRCodeDelete', [[code.codeId]], '404 DYNAMIC_QR_NOT_FOUND 01652072');
  await call('GetCodePaymentDetails', [[code.merchantPaymentId]], '400 DYNAMIC_QR_PAYMENT_NOT_FOUND 01652075');
}

async function refund(method, paymentId, amount) {
  const merchantRefundId = id('refund');
  const order = { merchantRefundId, paymentId, amount: yen(amount), reason: '返品' };
  const want = { merchantRefundId, paymentId, amount: yen(amount), status: 'CREATED', reason: order.reason };
  await call(method, [{ ...order }], '200/201 SUCCESS 08100001', want);
  await call(method, [{ ...order }], '200/201 SUCCESS 08100001', want); // the same id is the same refund
  // The method knows only the refund's id; the paymentId, which is required, can
  // be put behind it, since the client does not sign what follows a "?".
  const details = [[`${merchantRefundId}?paymentId=${paymentId}`]];
  await call('GetRefundDetails', details, ok, want);
  await advance(11);
  await call('GetRefundDetails', details, ok, { ...want, status: 'REFUNDED' });
  return merchantRefundId;
}

async function codeThatIsRefunded() {
  const code = await paidCode(1280);
  await call('GetPaymentDetails', [[code.merchantPaymentId]], ok, { status: 'COMPLETED', paymentId: code.paymentId });
  await call('QRCodeDelete', [[code.codeId]], '400 DYNAMIC_QR_ALREADY_PAID 01652074');
  const merchantRefundId = await refund('PaymentRefund', code.paymentId, 1280);
  await call('GetRefundDetails', [[merchantRefundId]], '400 INVALID_PARAMS');
  await call('GetRefundDetails', [[`${id('none')}?paymentId=${code.paymentId}`]], '404 NO_SUCH_REFUND_ORDER 00200018');
  await call('GetCodePaymentDetails', [[code.merchantPaymentId]], ok, {
    status: 'REFUNDED', refunds: { data: [{ merchantRefundId, amount: yen(1280), status: 'REFUNDED' }] },
  });
  await call('PaymentCancel', [[code.merchantPaymentId]], '400 ORDER_NOT_REVERSIBLE 00200044');
  await call('PaymentRefund', [{ merchantRefundId: id('refund'), paymentId: id('none'), amount: yen(1) }],
    '404 RESOURCE_NOT_FOUND 00200001');
}

async function codeThatIsCancelled() {
  const code = await paidCode(340);
  await call('PaymentCancel', [[code.merchantPaymentId]], accepted, null);
  await advance(2);
  await call('GetCodePaymentDetails', [[code.merchantPaymentId]], ok, { status: 'FAILED' });
}

const capture = (merchantPaymentId, amount) => ({
  merchantPaymentId, amount: yen(amount), merchantCaptureId: id('capture'), orderDescription: '発送しました',
});

async function codeThatIsCaptured() {
  const lower = await paidCode(900, { isAuthorization: true });
  const order = capture(lower.merchantPaymentId, 700);
  await call('PaymentAuthCapture', [order], ok, {
    status: 'COMPLETED', paymentId: lower.paymentId, amount: yen(700),
    captures: { data: [{ merchantCaptureId: order.merchantCaptureId, amount: yen(700), status: 'COMPLETED' }] },
  });
  await call('PaymentAuthCapture', [capture(lower.merchantPaymentId, 700)], '400 ALREADY_CAPTURED 00200039');
  await call('PaymentAuthRevert', [{ merchantRevertId: id('revert'), paymentId: lower.paymentId }],
    '400 ORDER_NOT_CANCELABLE 00200042');

  const higher = await paidCode(500, { isAuthorization: true });
  await call('PaymentAuthCapture', [capture(higher.merchantPaymentId, 501)], '202 USER_CONFIRMATION_REQUIRED 08300103', null);
  await control(`payments/${higher.merchantPaymentId}/consent`);
  await advance(2);
  await call('GetCodePaymentDetails', [[higher.merchantPaymentId]], ok, { status: 'COMPLETED', amount: yen(501) });
}

async function codeThatIsReverted() {
  const code = await paidCode(610, { isAuthorization: true });
  const order = { merchantRevertId: id('revert'), paymentId: code.paymentId, reason: 'out of stock' };
  await call('PaymentAuthRevert', [order], ok, { status: 'CANCELED', paymentId: code.paymentId, reason: order.reason });
  await call('GetCodePaymentDetails', [[code.merchantPaymentId]], ok, {
    status: 'CANCELED', revert: { merchantRevertId: order.merchantRevertId },
  });
}

// validate has the client check a response token.
function validate(token, want) {
  note('ValidateJWT', 'accepted');
  const claims = sdk.ValidateJWT(token, secret);
  assert.deepEqual(part(claims, want), want);
  assert.equal(claims.iss, 'paypay.ne.jp');
  assert.ok(claims.exp > Date.now() / 1000);
  const other = Buffer.from('another secret').toString('base64');
  assert.throws(() => sdk.ValidateJWT(token, other), { message: 'invalid signature' });
  assert.throws(() => sdk.ValidateJWT(token, Buffer.from(secret).toString('base64')), { message: 'invalid signature' });
  return claims;
}

const scopes = ['direct_debit', 'preauth_capture_native', 'continuous_payments', 'pending_payments', 'get_balance', 'cashback'];

async function linkByCode(answer) {
  const session = {
    scopes, nonce: id('nonce'), redirectType: 'WEB_LINK', redirectUrl: 'https://shop.example/linked',
    referenceId: id('reference'), phoneNumber: '08000001234', deviceId: 'device',
  };
  const { linkQRCodeURL } = await call('AccountLinkQRCodeCreate', [session], created);
  const { responseToken } = await control(`links/${answer}`, { linkQRCodeURL });
  return validate(responseToken, {
    result: answer === 'approve' ? 'succeeded' : 'declined', aud: key, nonce: session.nonce, referenceId: session.referenceId,
  });
}

// PayPay documents the account link by web as a page, not as a call: the client
// asks for it at a path of the API that no document names, and cannot read a
// page. There the simulator has nothing; the query that the client made is
// taken to the page instead.
async function linkByWeb() {
  const claims = {
    aud: 'paypay.ne.jp', iss: 'A shop', scope: scopes.join(','), nonce: id('nonce'),
    redirectUrl: 'https://shop.example/linked', referenceId: id('reference'), deviceId: 'device', phoneNumber: '08000001234',
  };
  const token = jwt.sign(claims, Buffer.from(secret, 'base64'), { expiresIn: 300 });
  const undocumented = '404 INVALID_REQUEST_PARAMS';
  await call('Authorization', [[key, token]], undocumented);
  assert.ok(sent.path.includes('?'));
  const page = `${simulator}/app/opa/user_authorization${sent.path.slice(sent.path.indexOf('?'))}`;
  const shown = await fetch(page);
  assert.equal(shown.status, 200, 'the page of the account link');
  assert.match(shown.headers.get('content-type'), /^text\/html/);

  const { responseToken, redirectUrl } = await control('links/approve', { linkQRCodeURL: page });
  const back = new URL(redirectUrl);
  assert.equal(back.searchParams.get('apiKey'), key);
  assert.equal(back.searchParams.get('responseToken'), responseToken);
  await call('AuthorizationResult', [[key, responseToken]], undocumented);
  const { responseToken: returned } = Object.fromEntries(new URL(sent.path, simulator).searchParams);
  return validate(returned, { result: 'succeeded', aud: claims.iss, nonce: claims.nonce, referenceId: claims.referenceId });
}

const paid = '200/201 SUCCESS 08100001'; // which of the two is not documented

async function linkedPayments(userAuthorizationId) {
  const order = (amount) => ({
    merchantPaymentId: id('payment'), userAuthorizationId, amount: yen(amount), orderDescription: 'ケーキ',
    orderItems: [{ name: 'ケーキ', category: 'food', quantity: 1, productId: '67678', unitPrice: yen(amount) }],
  });
  const first = order(2000);
  const want = { status: 'COMPLETED', merchantPaymentId: first.merchantPaymentId, userAuthorizationId, amount: yen(2000) };
  const payment = await call('CreatePayment', [{ ...first }], paid, want);
  await call('CreatePayment', [{ ...first }], paid, { ...want, paymentId: payment.paymentId }); // the same id is the same payment
  await call('GetPaymentDetails', [[first.merchantPaymentId]], ok, want);
  await call('CreatePayment', [order(2000), false], '400 SUSPECTED_DUPLICATE_PAYMENT 00200017');
  await call('CreatePayment', [order(2000), true], paid, { status: 'COMPLETED' });
  await call('PaymentCancel', [[first.merchantPaymentId]], accepted, null);

  const held = order(2100);
  const hold = await call('PaymentPreauthorize', [{ ...held, expiresAt: Math.floor(Date.now() / 1000) + 86400 }], paid, {
    status: 'AUTHORIZED', userAuthorizationId, amount: yen(2100),
  });
  await call('PaymentAuthCapture', [capture(held.merchantPaymentId, 2100)], ok, { status: 'COMPLETED', paymentId: hold.paymentId });
  const letGo = await call('PaymentPreauthorize', [order(2100), true], paid, { status: 'AUTHORIZED' });
  await call('PaymentAuthRevert', [{ merchantRevertId: id('revert'), paymentId: letGo.paymentId }], ok, { status: 'CANCELED' });

  await call('CreateSubscriptionPayment', [order(2200)], paid, { status: 'COMPLETED', userAuthorizationId, amount: yen(2200) });
}

async function pendingPayments(userAuthorizationId) {
  const order = (amount) => ({
    merchantPaymentId: id('pending'), userAuthorizationId, amount: yen(amount), orderDescription: '月会費',
    expiryDate: Math.floor(Date.now() / 1000) + 3600,
  });
  const first = order(3000);
  const { merchantPaymentId, expiryDate } = first;
  await call('CreatePendingPayment', [{ ...first }], created, { merchantPaymentId, userAuthorizationId, amount: yen(3000), expiryDate });
  await call('CreatePendingPayment', [{ ...first }], '400 DUPLICATE_REQUEST_ORDER');
  await call('GetPendingPaymentDetails', [[merchantPaymentId]], ok, { merchantPaymentId, status: 'CREATED' });
  await control(`payments/${merchantPaymentId}/pay`);
  const { paymentId } = await call('GetPendingPaymentDetails', [[merchantPaymentId]], ok, { status: 'COMPLETED' });
  await call('CancelPendingOrder', [[merchantPaymentId]], '409 INVALID_REQUEST_ORDER_STATE');
  await refund('RefundPendingPayment', paymentId, 1000);

  const second = order(3100);
  await call('CreatePendingPayment', [{ ...second }], created);
  await call('CancelPendingOrder', [[second.merchantPaymentId]], accepted, null);
  await call('GetPendingPaymentDetails', [[second.merchantPaymentId]], ok, { status: 'CANCELED' });
  await call('GetPendingPaymentDetails', [[id('none')]], '400 REQUEST_ORDER_NOT_FOUND 08300005');
  await call('CancelPendingOrder', [[id('none')]], '404 REQUEST_ORDER_NOT_FOUND 08300005');
}

async function cashback(userAuthorizationId) {
  const merchantCashbackId = id('cashback');
  const merchantCashbackReversalId = id('reversal');
  const give = { merchantCashbackId, userAuthorizationId, amount: yen(100), orderDescription: 'お礼', walletType: 'PREPAID' };
  const reverse = { merchantCashbackReversalId, merchantCashbackId, amount: yen(100), reason: 'mistake' };
  await call('CashBack', [{ ...give }], accepted, null);
  await call('CashBack', [{ ...give }], '400 VALIDATION_FAILED_EXCEPTION');
  await advance(2);
  await call('CheckCashBackDetails', [[merchantCashbackId]], ok, { merchantCashbackId, status: 'SUCCESS', amount: yen(100) });
  await call('CheckCashBackDetails', [[id('none')]], '400 TRANSACTION_NOT_FOUND');
  await call('ReversalCashBack', [reverse], accepted, null);
  await advance(2);
  await call('CheckCashBackReversalDetails', [[merchantCashbackReversalId, merchantCashbackId]], ok, {
    merchantCashbackReversalId, merchantCashbackId, status: 'SUCCESS', amount: yen(100),
  });
}

async function linkedCustomer() {
  await linkByCode('decline');
  const { userAuthorizationId, profileIdentifier } = await linkByCode('approve');
  assert.match(profileIdentifier, /^\*+\d{4}$/);
  const web = await linkByWeb();
  assert.equal(web.userAuthorizationId, userAuthorizationId, 'one customer has one id');
  await call('GetUserAuthorizationStatus', [[userAuthorizationId]], ok, { userAuthorizationId, status: 'ACTIVE', scopes });
  await call('GetUserAuthorizationStatus', [[id('none')]], '401 INVALID_USER_AUTHORIZATION_ID');
  await call('CheckUserWalletBalance', [[userAuthorizationId, 1, 'JPY']], ok, { hasEnoughBalance: true });
  await call('CheckUserWalletBalance', [[userAuthorizationId, 99999999999, 'JPY']], ok);
  await call('CheckUserWalletBalance', [[userAuthorizationId, 1, 'USD']], '400 INVALID_REQUEST_PARAMS');
  await flow(() => linkedPayments(userAuthorizationId));
  await flow(() => pendingPayments(userAuthorizationId));
  await flow(() => cashback(userAuthorizationId));
  await call('UnlinkUser', [[userAuthorizationId]], '202/200 REQUEST_ACCEPTED 08100001', null);
  await call('GetUserAuthorizationStatus', [[userAuthorizationId]], ok, { status: 'INACTIVE' });
  await call('CreatePayment', [{ merchantPaymentId: id('payment'), userAuthorizationId, amount: yen(1) }],
    '401 INVALID_USER_AUTHORIZATION_ID');
}

// A client of its own that signs with the wrong secret, or names no merchant or
// another, has to be refused: else the checks above would say nothing.
async function strangers() {
  for (const [clientSecret, merchantId] of [[`${secret}x`, merchant], [secret, undefined], [secret, 'other']]) {
    const stranger = new sdk.PayPayRestSDK();
    stranger.configure({ clientId: key, clientSecret, merchantId, conf });
    const answer = await stranger.qrCodeCreate({ merchantPaymentId: id('code'), amount: yen(1), codeType: 'ORDER_QR' });
    note('PayPayRestSDK', `${answer.STATUS} ${answer.BODY?.resultInfo.code}`);
    expect(answer, '401 UNAUTHORIZED 08100016');
  }
}

// flow is a story of which each step needs the one before. Where it breaks off,
// the method that was called last has failed.
async function flow(story) {
  try {
    await story();
  } catch (problem) {
    (current ?? methods.get('Configure')).problems.push(problem.message);
  }
}

note('Conf', `${host}:port`);
const conf = new sdk.Conf({ hostName: host, portNumber: port });
note('Configure', 'done');
sdk.Configure({ clientId: key, clientSecret: secret, merchantId: merchant, conf });

async function main() {
  const stories = [
    codeThatIsDeleted, codeThatIsRefunded, codeThatIsCancelled, codeThatIsCaptured, codeThatIsReverted,
    linkedCustomer, strangers,
  ];
  for (const story of stories) await flow(story);

  let failed = 0;
  for (const [name, { answers, problems }] of methods) {
    if (answers.length === 0 && problems.length === 0) problems.push('was not called');
    failed += problems.length > 0 ? 1 : 0;
    print(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name.padEnd(28)} ${answers.join(', ')}`);
    for (const problem of problems) print(`     ${problem.replaceAll('\n', '\n     ')}`);
  }
  print(`${methods.size - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
