/** The storms by one call each: what `make fuzz`, the test and its copies with holes run. */
import { runCampaign, type Campaign, type CampaignResult } from "./campaign.ts";
import { CARD_STORM } from "./card-storm.ts";
import { SEALED_STORM } from "./sealed-storm.ts";
import { LINE_STORM } from "./line-storm.ts";

export function stormLine(campaign: Campaign): CampaignResult {
  return runCampaign(LINE_STORM, campaign);
}

export function stormCard(campaign: Campaign): CampaignResult {
  return runCampaign(CARD_STORM, campaign);
}

export function stormSealed(campaign: Campaign): CampaignResult {
  return runCampaign(SEALED_STORM, campaign);
}
