/** "Why?": one box for any id, and the story of the message that it means, or the messages to choose from. */
import { CircleHelp, Download, SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Button, ButtonLink, buttonLook } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { Input } from "#app/_ui/input.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { Table } from "#app/_ui/table.tsx";
import { MessageView } from "#app/console/messages/[id]/message-view.tsx";
import { messageColumns } from "#app/console/messages/columns.tsx";
import type { Match } from "#server/domain/messages/look-up.ts";
import type { Story } from "#server/domain/messages/story.ts";

type WhyProps = { searchParams: Promise<SearchParams> };
const longest = 200;

export async function generateMetadata() {
  return { title: (await getTranslations("why"))("title") };
}

export default async function WhyPage({ searchParams }: WhyProps) {
  await requirePermission("messages.read");
  const [params, caller, t] = await Promise.all([searchParams, api(), getTranslations("why")]);
  const text = single(params.q)?.slice(0, longest);
  const [answer, tenants] = await Promise.all([
    text ? found(caller.messages.why({ id: text })) : null,
    caller.tenants.list(),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} />
      <SearchBox text={text} />
      {answer === null ? <EmptyState icon={CircleHelp} title={t("askTitle")} description={t("askHint")} /> : null}
      {answer?.matches.length === 0 ? (
        <EmptyState icon={SearchX} title={t("noneTitle", { text: text ?? "" })} description={t("noneHint")} />
      ) : null}
      {answer?.story ? (
        <Found
          story={answer.story}
          match={answer.matches[0]}
          names={new Map(tenants.map((row) => [row.id, row.name]))}
        />
      ) : null}
      {answer && !answer.story && answer.matches.length > 0 ? (
        <Several matches={answer.matches} hasMore={answer.hasMore} withTenant={tenants.length > 1} />
      ) : null}
    </>
  );
}

/** A plain form: the address holds the question, so that a colleague can be sent the answer. */
async function SearchBox({ text }: { text: string | undefined }) {
  const t = await getTranslations("why");
  return (
    <search className="pb-5">
      <form action="/console/why" className="flex max-w-3xl gap-2">
        <Input
          type="search"
          name="q"
          defaultValue={text}
          maxLength={longest}
          aria-label={t("box")}
          placeholder={t("box")}
          autoComplete="off"
          spellCheck={false}
          required
          // The page is for nothing else.
          autoFocus={text === undefined}
        />
        <Button type="submit" look="primary">
          {t("ask")}
        </Button>
      </form>
    </search>
  );
}

type FoundProps = { story: Story; match: Match | undefined; names: Map<string, string> };

async function Found({ story, match, names }: FoundProps) {
  const [t, messages] = await Promise.all([getTranslations("why"), getTranslations("messages")]);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pb-4">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold text-ink text-lg tabular-nums">
            {`+${story.msisdn}`} <StatusBadge status={story.status} />
          </h2>
          <p className="text-ink-faint text-sm">
            {match ? `${t(`foundBy.${match.foundBy}`)} · ` : ""}
            {messages("fromLine", { sender: story.sender, tenant: story.tenantName })}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <a className={buttonLook({})} href={`/api/exports/why?id=${story.id}`} download>
            <Download aria-hidden />
            {t("exportJson")}
          </a>
          <ButtonLink href={`/console/messages/${story.id}`}>{t("openMessage")}</ButtonLink>
        </div>
      </div>
      <MessageView story={story} names={names} />
    </>
  );
}

type SeveralProps = { matches: Match[]; hasMore: boolean; withTenant: boolean };

async function Several({ matches, hasMore, withTenant }: SeveralProps) {
  const [t, columns] = await Promise.all([getTranslations("why"), messageColumns(withTenant)]);
  const [first] = matches;
  return (
    <>
      <p className="pb-3 text-ink-muted text-sm">
        {t(hasMore ? "manyMatches" : "severalMatches", { count: matches.length })}{" "}
        {first ? t(`foundBy.${first.foundBy}`) : ""}
      </p>
      <Table
        caption={t("title")}
        columns={columns}
        rows={matches}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/messages/${row.id}`}
        empty={null}
      />
    </>
  );
}
