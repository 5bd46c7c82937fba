import { Menu } from '@mantine/core';
import { IconChevronRight, IconDots } from '@tabler/icons-react';
import { type DragEvent, Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import css from './Breadcrumb.module.css';

export type Step = { id: string; name: string; href: string };

const shownSteps = 4;

/** The way to a folder; long ways fold in the middle. Steps take what is dragged onto them. */
export function Breadcrumb({ steps, onDrop }: { steps: readonly Step[]; onDrop?: (step: Step, event: DragEvent) => void }) {
  const { t } = useTranslation();
  const folded = steps.length > shownSteps ? steps.slice(1, steps.length - 2) : [];
  const first = steps[0];
  const rest = folded.length > 0 ? steps.slice(-2) : steps.slice(1);
  return (
    <nav aria-label={t('crumbs.label')} className={css.crumbs}>
      <ol>
        {first && <Crumb step={first} here={steps.length === 1} onDrop={onDrop} />}
        {folded.length > 0 && (
          <li>
            <IconChevronRight size={14} aria-hidden className={css.sign} />
            <Menu position="bottom-start">
              <Menu.Target>
                <button type="button" className={css.fold} aria-label={t('crumbs.more')}><IconDots size={16} aria-hidden /></button>
              </Menu.Target>
              <Menu.Dropdown>
                {folded.map((step) => <Menu.Item key={step.id} component={Link} href={step.href}>{step.name}</Menu.Item>)}
              </Menu.Dropdown>
            </Menu>
          </li>
        )}
        {rest.map((step, i) => (
          <Fragment key={step.id}>
            <Crumb step={step} here={i === rest.length - 1} onDrop={onDrop} after />
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

function Crumb({ step, here, after, onDrop }: { step: Step; here: boolean; after?: boolean; onDrop?: (step: Step, event: DragEvent) => void }) {
  const [over, setOver] = useState(false);
  const taking = onDrop && !here;
  return (
    <li className={here ? css.here : css.step}>
      {after && <IconChevronRight size={14} aria-hidden className={css.sign} />}
      {here ? (
        <h1 aria-current="page" title={step.name}>{step.name}</h1>
      ) : (
        <Link
          href={step.href}
          title={step.name}
          data-over={over || undefined}
          onDragOver={(event) => { if (taking) { event.preventDefault(); setOver(true); } }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => { setOver(false); if (taking) { event.preventDefault(); onDrop(step, event); } }}
        >
          {step.name}
        </Link>
      )}
    </li>
  );
}
