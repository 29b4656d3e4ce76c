import { suite } from "uvu";
import { equal } from "uvu/assert";
import { makeCertificates } from "../../../host-sim/card/apps/make-model-credentials.ts";
import { MODEL_CERTIFICATES, MODEL_KEYS } from "../../../host-sim/card/apps/model-credentials.ts";

const test = suite("model credentials");

test("the committed certificates are what the maker makes of the committed keys", async () => {
  equal(await makeCertificates(MODEL_KEYS), MODEL_CERTIFICATES);
});

test.run();
