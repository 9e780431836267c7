"use client";
/** Name, colours and addresses of a brand, with a preview that follows the typing. */
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Form } from "#app/_ui/form.tsx";
import { FieldRow, TextField } from "#app/_ui/form-fields.tsx";
import { BrandPreview } from "#app/console/brand/brand-preview.tsx";
import { ColorField } from "#app/console/brand/color-field.tsx";
import { updateBrand } from "#server/domain/branding/input.ts";

type BrandValues = {
  productName: string;
  primaryColor: string;
  accentColor: string;
  supportEmail: string | null;
  emailFromName: string | null;
};

export function BrandForm({ tenantId, values }: { tenantId: string; values: BrandValues }) {
  const t = useTranslations("brand");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const { productName, primaryColor, accentColor } = values;
  return (
    <Form
      schema={updateBrand}
      verb={trpc.branding.update.mutationOptions()}
      defaults={{
        tenantId,
        productName,
        primaryColor,
        accentColor,
        supportEmail: values.supportEmail ?? "",
        emailFromName: values.emailFromName ?? "",
      }}
      submit={ui("save")}
      success={t("saved")}
    >
      <div className="grid items-start gap-x-8 gap-y-5 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <TextField name="productName" label={t("productName")} help={t("productNameHelp")} autoComplete="off" />
          <FieldRow>
            <ColorField name="primaryColor" label={t("primaryColor")} help={t("primaryColorHelp")} />
            <ColorField name="accentColor" label={t("accentColor")} help={t("accentColorHelp")} />
          </FieldRow>
          <FieldRow>
            <TextField
              name="supportEmail"
              label={t("supportEmail")}
              help={t("supportEmailHelp")}
              type="email"
              autoComplete="off"
              optional
            />
            <TextField
              name="emailFromName"
              label={t("emailFromName")}
              help={t("emailFromNameHelp")}
              autoComplete="off"
              optional
            />
          </FieldRow>
        </div>
        <BrandPreview />
      </div>
    </Form>
  );
}
