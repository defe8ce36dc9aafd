import { type ReqMessage, ServantProxyCallback } from '@tarsier/framework';

/** Prints answers and pushes. */
export class TestPushCallBack extends ServantProxyCallback {
  override onDispatch(message: ReqMessage): number {
    const text = message.response.sBuffer.toString();
    if (message.bPush) {
      console.log(`push message: ${text}`);
      return 0;
    }
    // The document looks neither at this nor at a push flag: there a call that timed out looks like an empty answer.
    if (message.error !== undefined) {
      console.log(`request id: ${message.request.iRequestId}, failed: ${message.error.message}`);
      return message.response.iRet;
    }
    if (message.request.sFuncName === 'printResult') {
      console.log(`request id: ${message.request.iRequestId}, response str: ${text}`);
      return 0;
    }
    console.log('no match func!');
    return -3;
  }
}
